// Korean particles by the sound of what stands before them: Hangul by its final consonant, digits and capital letters by their Korean names, other Latin
// words by how Korean writes them (국립국어원, 외래어 표기법, chapter 3, section 1).

// Names of capital letters and digits that end in a consonant: 엘, 엠, 엔, 알; 영, 일, 삼, 육, 칠, 팔. 'l' is ㄹ.
const NAMES = { L: 'l', R: 'l', M: 'c', N: 'c', 0: 'c', 1: 'l', 3: 'c', 6: 'c', 7: 'l', 8: 'l' };

// Endings of words, the first that fits; what fits none ends in a vowel (스, 드, 프, 지 …).
const ENDINGS = [
  [/ng$|[^aeiou]me$|[aeiouy]me$|ne$/, 'c'], // song, time, sunshine
  [/(^|[^aeiou])the$|[aeiou]e$/, ''], // the, movie
  [/[bcdfgkpstz]le$|[aeiouy]le$/, 'l'], // table, smile
  [/ght$/, ''], // night: 나이트
  [/m[bn]$|[mn]$/, 'c'], // tomb, autumn, dream, moon
  [/ll?$/, 'l'],
  [/(^|[^aeiouy])[aeiouy](ck?|k|p|pp|t|tt|b)$/, 'c'], // rock, magic, up, robot, club
  [/oo[kpt]$|ee?p$|[aeo]ut$/, 'c'], // book, sleep, out
];

function latin(word) {
  if (word === word.toUpperCase()) return NAMES[word.at(-1)] ?? '';
  const plain = word.toLowerCase();
  return ENDINGS.find(([ending]) => ending.test(plain))?.[1] ?? '';
}

/** '' for a vowel, 'l' for ㄹ, 'c' for any other consonant. */
export function finalSound(text) {
  const bare = text.normalize('NFC').replace(/[^\p{L}\p{N}]+$/u, '');
  const code = (bare.at(-1) ?? '').charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11172) return code % 28 === 0 ? '' : code % 28 === 8 ? 'l' : 'c';
  const digits = /\d$/.exec(bare);
  if (digits) return NAMES[digits[0]] ?? '';
  const word = /[A-Za-z]+$/.exec(bare.normalize('NFD').replace(/\p{M}/gu, ''));
  return word ? latin(word[0]) : '';
}

const PAIRS = {
  은: ['은', '는'],
  이: ['이', '가'],
  을: ['을', '를'],
  과: ['과', '와'],
  이라: ['이라', '라'],
  이에: ['이에', '예'],
  아: ['아', '야'],
};

/** "INFP[은]" is written "INFP는": the particle is chosen by what was put before it. */
export function particles(text) {
  return text.replace(/\[(은|이에|이라|이|을|과|아|으로)\]/g, (all, which, at) => {
    const sound = finalSound(text.slice(0, at));
    if (which === '으로') return sound === 'c' ? '으로' : '로';
    return PAIRS[which][sound ? 0 : 1];
  });
}
