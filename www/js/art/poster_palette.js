// Colours of posters: {bg, a, b, c, ink}, by the mood of a film.

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
