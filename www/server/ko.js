// Words that only workers write: heads of pages, and pages for browsers without scripts. Keys are the same as in en.js.
export default {
  'head.movie': '이 영화의 인물들과 그들의 성격 유형을 만나 보세요.',
  'head.result': '나와 가장 닮은 영화 속 인물은 {name}. 당신은 누구를 닮았나요?',
  'head.login': '로그인하지 못했어요',
  'head.login.text': '다시 시도해 주세요.',
  'head.circle': '나랑 비교해 볼래?',
  'head.circle.text':
    '우리 둘은 영화 속 어떤 사이일까요? 유형의 궁합과 함께 볼 영화를 알려 드려요.',
  'head.picture.character': '{name}의 초상: {film}, {mbti} {enneagram}',
  'head.picture.movie': '『{film}』 포스터와 인물들',
  'head.picture.type': '{mbti} 유형의 상징과 인물들',
  'head.picture.result': '{mbti} {enneagram}, 가장 닮은 인물 {name}',
};
