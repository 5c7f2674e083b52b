/** The sixteen types, in the order in which pages offer them. */
export const TYPES = [
  'INFP',
  'INFJ',
  'ENFP',
  'ENFJ',
  'INTP',
  'INTJ',
  'ENTP',
  'ENTJ',
  'ISFJ',
  'ISTJ',
  'ESFJ',
  'ESTJ',
  'ISFP',
  'ISTP',
  'ESFP',
  'ESTP',
];
