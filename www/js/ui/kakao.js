// A card in KakaoTalk by Kakao's SDK, which is loaded when somebody asks for it, and offered where the operator has a key (cgi/shell.c).

/** [key, version, integrity], or nothing. */
const setting = () => document.querySelector('meta[name="mvti-kakao"]')?.content.split(' ');

export const hasKakao = () => Boolean(setting());

let loading = null;

/** The SDK, ready. A failed load is tried again the next time. */
export function kakao() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  const [key, version, integrity] = setting();
  const script = document.createElement('script');
  Object.assign(script, {
    src: `https://t1.kakaocdn.net/kakao_js_sdk/${version}/kakao.min.js`,
    integrity,
    crossOrigin: 'anonymous',
  });
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error('the SDK of Kakao did not load')));
    document.head.append(script);
  }).finally(() => script.remove());
  const sdk = globalThis.Kakao;
  if (!sdk.isInitialized()) sdk.init(key);
  return sdk;
}

/** Hands a card over; sdk: of kakao(). picture: the whole address of one of 1200 x 630. */
export function sendCard(sdk, { title, text, picture, url, open }) {
  const link = { mobileWebUrl: url, webUrl: url };
  sdk.Share.sendDefault({
    objectType: 'feed',
    content: { title, description: text, imageUrl: picture, imageWidth: 1200, imageHeight: 630, link },
    buttons: [{ title: open, link }],
  });
}
