// Stands in for Kakao's JavaScript SDK: it keeps what it was given, and opens nothing. The stack's kakao_sdk has its integrity.
const { kakaoLog } = window;
window.Kakao = {
  isInitialized: () => Boolean(kakaoLog.key),
  init: (key) => {
    kakaoLog.key = key;
  },
  Share: {
    sendDefault: (card) => {
      if (kakaoLog.refuse) throw new Error('no KakaoTalk here');
      kakaoLog.cards.push(card);
    },
  },
};
