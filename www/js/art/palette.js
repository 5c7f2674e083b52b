// Colours of everything the site draws. A poster palette is {bg, a, b, c, ink}; a type palette {bg, light, pop, pop2, deep}.

const luminance = (hex) => {
  const n = parseInt(hex.slice(1), 16);
  const f = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * f(n >> 16) + 0.7152 * f((n >> 8) & 255) + 0.0722 * f(n & 255);
};

/** WCAG contrast ratio of two #rrggbb colours. */
export function contrast(x, y) {
  const a = luminance(x) + 0.05;
  const b = luminance(y) + 0.05;
  return a > b ? a / b : b / a;
}

const PAPER = '#fff6e4';
const INK = '#1a1210';

/** The colour of letters on a fill: a candidate that reads well, else paper or ink. */
export function lettersOn(fill, candidates = []) {
  const good = candidates.find((c) => contrast(c, fill) >= 4.5);
  return good ?? (contrast(PAPER, fill) > contrast(INK, fill) ? PAPER : INK);
}

/** The darkest of some colours. */
export const darkest = (list) => list.reduce((d, c) => (luminance(c) < luminance(d) ? c : d));

/** A colour between two, t in 0…1. */
export function mix(x, y, t) {
  const p = parseInt(x.slice(1), 16);
  const q = parseInt(y.slice(1), 16);
  const ch = (s) => Math.round(((p >> s) & 255) * (1 - t) + ((q >> s) & 255) * t);
  return '#' + ((ch(16) << 16) | (ch(8) << 8) | ch(0)).toString(16).padStart(6, '0');
}

const P = (bg, a, b, c, ink) => ({ bg, a, b, c, ink });

export const POSTERS = {
  dusk: P('#1d1b3a', '#f25f4c', '#ff9f2e', '#e53170', '#fff4dc'),
  paper: P('#f3e6cc', '#d7263d', '#1b1b1e', '#e9a23b', '#1b1b1e'),
  lagoon: P('#0b3c49', '#f4a259', '#f4e285', '#bc4b51', '#fff7e6'),
  mustard: P('#e3a72f', '#22223b', '#9a2c2c', '#fff3d6', '#22180a'),
  forest: P('#12372a', '#adbc9f', '#fbfada', '#e07a5f', '#fbfada'),
  rose: P('#f4c9c1', '#a4243b', '#273e47', '#d8973c', '#2a1218'),
  cobalt: P('#1b3a8a', '#f7c548', '#f25c54', '#f7f3e3', '#f7f3e3'),
  mint: P('#bfe3d0', '#19535f', '#f25757', '#f2e863', '#0d2b33'),
  noir: P('#141414', '#e8e0d0', '#b3001b', '#5f5a55', '#f2ecdd'),
  plum: P('#3d1f47', '#e8a0bf', '#f9dbbb', '#c8664e', '#fbefe3'),
  vermilion: P('#c93a22', '#fbe8c8', '#1f1a17', '#f4b33d', '#fff6e4'),
  sky: P('#8ec5e8', '#f6f1e7', '#23395b', '#f26a4b', '#12263f'),
  sand: P('#e9d8a6', '#005f73', '#9b2226', '#ee9b00', '#1f2a2c'),
  violet: P('#221c4a', '#9a7bff', '#fde68a', '#f472b6', '#fbf5ff'),
  olive: P('#4d5430', '#f0e5c9', '#e08a2f', '#24261a', '#faf3df'),
  ice: P('#dde7ee', '#2b4c7e', '#c8102e', '#8fa6b8', '#14233a'),
  cocoa: P('#3a2218', '#e6b17e', '#f3e9dc', '#c44536', '#f7ebdd'),
  lime: P('#10282b', '#c6e66a', '#3fa796', '#f3f6e4', '#f3f6e4'),
  peach: P('#ffb38a', '#7b1e3a', '#2d2a4a', '#fff0dd', '#2b1020'),
  lilac: P('#cfc1f0', '#3b2b7a', '#f2545b', '#fff5d6', '#21164a'),
};

const MOOD = {
  dark: [
    'noir',
    'cocoa',
    'lime',
    'vermilion',
    'paper',
    'dusk',
    'ice',
    'forest',
    'plum',
    'olive',
    'violet',
    'lagoon',
  ],
  love: ['rose', 'plum', 'sky', 'dusk', 'peach', 'lilac', 'lagoon', 'vermilion', 'mint', 'paper'],
  bright: [
    'mint',
    'mustard',
    'cobalt',
    'sky',
    'peach',
    'lilac',
    'vermilion',
    'paper',
    'lagoon',
    'rose',
    'sand',
  ],
  space: ['violet', 'lagoon', 'ice', 'lime', 'cobalt', 'dusk', 'plum', 'noir', 'lilac', 'forest'],
  earth: ['sand', 'olive', 'cocoa', 'mustard', 'forest', 'vermilion', 'paper', 'ice', 'lagoon', 'noir'],
  drama: ['forest', 'paper', 'lagoon', 'rose', 'ice', 'sand', 'plum', 'noir', 'sky', 'cobalt', 'olive'],
};

const MOOD_OF = {
  Horror: 'dark',
  Thriller: 'dark',
  Crime: 'dark',
  Mystery: 'dark',
  'Film-Noir': 'dark',
  Romance: 'love',
  Musical: 'love',
  Music: 'love',
  Comedy: 'bright',
  Animation: 'bright',
  Family: 'bright',
  Children: 'bright',
  Sport: 'bright',
  'Sci-Fi': 'space',
  Fantasy: 'space',
  IMAX: 'space',
  War: 'earth',
  Western: 'earth',
  History: 'earth',
  Adventure: 'earth',
  Documentary: 'earth',
  Action: 'dark',
};

/** Palette of a poster: mostly its first genre's mood, sometimes its second's. */
export function posterPalette(genres, dice) {
  const moods = genres.map((g) => MOOD_OF[g] ?? 'drama');
  const mood = (dice.chance(0.65) ? moods[0] : (moods[1] ?? moods[0])) ?? 'drama';
  return POSTERS[dice.pick(MOOD[mood])];
}

const T = (bg, light, pop, pop2, deep) => ({ bg, light, pop, pop2, deep });

/** One palette a type; cream letters read on bg and deep (≥ 4.5 : 1), ink letters on light. */
export const TYPES = {
  INTJ: T('#2b2350', '#d9cdf5', '#f2b441', '#7d5fd3', '#1a1436'),
  INTP: T('#1d4270', '#cfe3f5', '#f6d05b', '#4f9bd8', '#102845'),
  ENTJ: T('#5c1a3f', '#f6d3d8', '#f0a02c', '#d0476c', '#380c25'),
  ENTP: T('#56298a', '#ead6fb', '#ffd447', '#b86bf0', '#341458'),
  INFJ: T('#0e4a5a', '#cdeae6', '#f3c969', '#3fa3a3', '#062c37'),
  INFP: T('#3d2f7d', '#e6dcfb', '#ff9fb2', '#8a78e6', '#221951'),
  ENFJ: T('#8f3116', '#ffe1c2', '#ffb02e', '#ec6a34', '#571b0a'),
  ENFP: T('#0a6470', '#d3f1e6', '#ffc94a', '#ff7d5c', '#053d46'),
  ISTJ: T('#22483c', '#dcebdc', '#e2b354', '#6fa287', '#122c23'),
  ISFJ: T('#74460f', '#ffebc4', '#ffc145', '#c98a3c', '#472904'),
  ESTJ: T('#2c4464', '#dbe5f0', '#f08a4b', '#7397c0', '#182a42'),
  ESFJ: T('#962d4a', '#ffdcdc', '#ffc15e', '#ee7b87', '#5e142a'),
  ISTP: T('#2f484d', '#dbe8e6', '#f26b3a', '#7ba3a3', '#182a2e'),
  ISFP: T('#a33a31', '#ffe3cf', '#ffb65c', '#f2837a', '#64190f'),
  ESTP: T('#a83a0c', '#ffe6c7', '#ffd23f', '#f4813f', '#661f02'),
  ESFP: T('#9a1a58', '#ffd9ea', '#ffcb3d', '#f45fa0', '#5e0733'),
};

export const typePalette = (mbti) => TYPES[mbti] ?? TYPES.INFJ;
