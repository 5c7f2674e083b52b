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
  'core.1': '1번의 마음에는 무엇이 옳은지 묻는 목소리가 늘 있어요. 대충 넘어가는 법이 없고, 스스로에게 가장 엄격해요.',
  'core.2': '2번은 곁에 있는 사람에게 무엇이 필요한지 먼저 알아채요. 사랑받고 싶은 마음만큼 아낌없이 내어 줘요.',
  'core.3': '3번은 목표가 보이면 힘이 나는 사람이에요. 잘해 내는 모습으로 자신의 가치를 보여 주고 싶어 해요.',
  'core.4': '4번은 남과 같은 길보다 나다운 길을 찾는 사람이에요. 느낌이 깊고, 빠져 있는 무언가를 늘 그리워해요.',
  'core.5': '5번은 한발 물러나 먼저 이해하고 싶어 하는 사람이에요. 아는 만큼 안전하다고 느끼고, 혼자만의 시간을 아껴요.',
  'core.6': '6번은 무슨 일이 생길지 미리 살피는 사람이에요. 믿을 수 있는 사람과 약속을 소중히 여기고, 끝까지 곁을 지켜요.',
  'core.7': '7번은 더 좋은 것이 저 앞에 있다고 믿는 사람이에요. 답답함을 견디기보다 새로운 즐거움을 찾아 나서요.',
  'core.8': '8번은 누구에게도 휘둘리지 않으려는 사람이에요. 힘으로 길을 열고, 지켜야 할 사람 앞에 서요.',
  'core.9': '9번은 모두가 편안하기를 바라는 사람이에요. 다툼을 누그러뜨리고, 이쪽과 저쪽의 마음을 함께 헤아려요.',
};
