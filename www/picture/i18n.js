// What the drawings of js/art import as js/i18n.js when they are drawn on the server: the language is the picture's, and its few words
// are here. www/picture/build puts this file in the place of js/i18n.js.

const WORDS = {
  ko: {
    best: '나와 가장 닮은 인물',
    match: '닮음',
    films: '내가 고른 영화',
    who: '나는',
    ask: '당신은 누구를 닮았나요?',
    home: '영화 속 어딘가에\n당신이 살고 있어요',
    homeAsk: '성격과 좋아하는 영화 세 편으로 나를 닮은 인물을 만나요',
    same: '같은 유형의 인물',
    cast: '이 영화의 인물',
    from: '영화',
    typed: '이 인물의 유형',
    test: '성격 테스트 하러 가기',
    grade: '유형 궁합',
    pair: '영화 속 우리 둘',
    everybody: '영화 속 우리',
    askTwo: '우리 둘은 영화 속 어떤 사이일까?',
    invite: '나랑\n비교해 볼래?',
    you: '너는?',
  },
  en: {
    best: 'Most like me',
    match: 'match',
    films: 'Films I love',
    who: 'I am',
    ask: 'Who is most like you?',
    home: 'Somewhere in a film\nlives someone like you',
    homeAsk: 'Your personality and three films you love',
    same: 'Characters of this type',
    cast: 'Characters in this film',
    from: 'Film',
    typed: 'Personality type',
    test: 'Take the test',
    grade: 'type match',
    pair: 'The two of us in films',
    everybody: 'All of us in films',
    askTwo: 'Who are the two of us in films?',
    invite: 'Compare\nwith me?',
    you: 'And you?',
  },
};

let current = 'ko';

export const lang = () => current;

export function setLang(next) {
  current = next === 'en' ? 'en' : 'ko';
}

export const t = (key) => WORDS[current][key];

/** The text of a {ko, en} pair; the other language only where one is missing. */
export const tx = (pair) => (pair ? pair[current] || pair.ko || pair.en || '' : '');

/** Titles stand in 『』 in Korean and in quotation marks in English. */
export const quoted = (title) => (current === 'ko' ? `『${title}』` : `“${title}”`);
