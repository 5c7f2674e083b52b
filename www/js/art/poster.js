// A film's poster, drawn from what is known of it: title and year choose the dice, genres the mood, plot and genres the scene.
import { html } from '../../vendor/lit-html.js';
import { lang, tx } from '../i18n.js';
import { posterPalette } from './poster_palette.js';
import { hash, rng } from './rng.js';
import { door, horizon, quilt, shards, skyline, vortex, waves } from './scenes.js';
import { letter, pair, planet, road, rosette, stage, stairs } from './scenes2.js';
import { thing } from './scenes3.js';
import { setText } from './text.js';
import { THINGS } from './things.js';

const BIG = {
  horizon,
  vortex,
  quilt,
  shards,
  skyline,
  waves,
  door,
  rosette,
  planet,
  stairs,
  stage,
  letter,
  pair,
  road,
};

// What a film is about, by the words of its plot (theme of the API; sql/reference/themes.csv), as things. Nothing is funny about the grave ones.
const ABOUT = {
  space: ['rocket', 'planet', 'wheel'],
  robot: ['gear', 'rocket'],
  time: ['clock', 'vortex'],
  sea: ['fish', 'waves'],
  animal: ['paw', 'bird', 'tree'],
  magic: ['wand', 'lamp', 'book', 'dragon'],
  royal: ['crown', 'sword', 'scales'],
  music: ['note', 'record', 'stage'],
  stage: ['masks', 'stage', 'record'],
  school: ['board', 'book', 'bird'],
  letters: ['envelope', 'book', 'pair'],
  love: ['heart', 'rings', 'envelope', 'pair', 'rain'],
  family: ['house', 'tree', 'bowl'],
  food: ['bowl', 'candle'],
  crime: ['key', 'glass', 'eye', 'skyline'],
  police: ['glass', 'eye', 'car', 'shards'],
  law: ['scales', 'board', 'door'],
  gamble: ['cards', 'key'],
  sport: ['ball', 'wings', 'mountain'],
  travel: ['car', 'train', 'road', 'mountain'],
  train: ['train', 'road'],
  snow: ['flake', 'mountain', 'pines'],
  forest: ['pines', 'tree', 'bird'],
  desert: ['cactus', 'horizon'],
  ghost: ['candle', 'door', 'eye'],
  hero: ['wings', 'skyline', 'shards'],
  grave: ['candle', 'horizon', 'bird', 'tree', 'door'],
};

const OF_GENRE = {
  Action: ['shards', 'road', 'skyline', 'vortex', 'stairs', 'car', 'wings', 'letter'],
  Adventure: ['horizon', 'road', 'waves', 'planet', 'mountain', 'wheel', 'key', 'pines'],
  Animation: ['quilt', 'waves', 'rosette', 'horizon', 'planet', 'letter', 'paw', 'wheel', 'house', 'bird'],
  Comedy: ['quilt', 'pair', 'letter', 'stage', 'rosette', 'masks', 'house', 'rain', 'bowl', 'wheel'],
  Crime: ['skyline', 'shards', 'door', 'stairs', 'key', 'glass', 'cards', 'scales', 'eye'],
  Documentary: ['glass', 'book', 'horizon', 'letter'],
  Drama: [
    'horizon',
    'pair',
    'door',
    'stairs',
    'skyline',
    'waves',
    'quilt',
    'letter',
    'tree',
    'house',
    'rain',
    'clock',
    'book',
    'bird',
    'candle',
  ],
  Family: ['quilt', 'waves', 'horizon', 'rosette', 'house', 'tree', 'paw', 'wheel'],
  Fantasy: ['planet', 'rosette', 'horizon', 'door', 'waves', 'wand', 'dragon', 'lamp', 'key', 'book'],
  History: ['horizon', 'door', 'sword', 'crown', 'book', 'scales', 'candle'],
  Horror: ['door', 'vortex', 'stairs', 'eye', 'candle', 'house', 'pines'],
  Music: ['stage', 'vortex', 'rosette', 'record', 'note'],
  Musical: ['stage', 'rosette', 'quilt', 'note', 'masks', 'wheel'],
  Mystery: ['door', 'vortex', 'stairs', 'skyline', 'eye', 'glass', 'key', 'clock'],
  Romance: ['pair', 'rosette', 'waves', 'horizon', 'heart', 'rings', 'envelope', 'rain'],
  'Sci-Fi': ['planet', 'vortex', 'skyline', 'door', 'rocket', 'gear', 'eye', 'clock'],
  Sport: ['road', 'shards', 'letter', 'ball', 'wings', 'mountain'],
  Thriller: ['vortex', 'stairs', 'shards', 'door', 'skyline', 'eye', 'key', 'clock'],
  War: ['horizon', 'candle', 'bird', 'tree', 'door'],
  Western: ['horizon', 'road', 'cactus', 'mountain'],
};
const ANY = Object.keys(BIG).concat(Object.keys(THINGS));

const sceneOf = (name) => BIG[name] ?? thing(name);

/** The family of a film's scene: mostly by what its plot is about, else by genre. Where people died of it, no film is playful. */
export function family({ genres = [], theme }, dice) {
  if (theme === 'grave' || genres.includes('War')) return dice.pick(ABOUT.grave);
  if (ABOUT[theme] && dice.chance(0.62)) return dice.pick(ABOUT[theme]);
  const known = genres.filter((g) => OF_GENRE[g]);
  if (!known.length) return dice.pick(ANY);
  return dice.pick(OF_GENRE[dice.chance(0.55) ? known[0] : dice.pick(known)]);
}

const drawn = new Map();

function made(movie) {
  const key = `${lang()}|${movie.title.en || movie.title.ko}|${movie.year}|${movie.theme ?? ''}`;
  if (!drawn.has(key)) drawn.set(key, paint(movie));
  return drawn.get(key);
}

/** The drawing alone, hidden from readers: the title stands beside it as text wherever it is used. */
export const poster = (movie) => made(movie).view;

/** {family, ground} of that drawing: two with the same family show the same kind of thing, on the same ground they look alike. */
export const motif = (movie) => made(movie).motif;

function paint(movie) {
  const title = tx(movie.title);
  const dice = rng(hash(`${movie.title.en || movie.title.ko}|${movie.year}`));
  const genres = movie.genres ?? [];
  const palette = posterPalette(genres, dice);
  const name = family(movie, dice);
  const { art, box } = sceneOf(name)(palette, dice, title);
  const view = html`<svg class="poster" data-family=${name} viewBox="0 0 200 300" aria-hidden="true" focusable="false" lang=${lang()}>
    ${art}${setText(title, box)}</svg>`;
  return { view, motif: { family: name, ground: palette.bg } };
}
