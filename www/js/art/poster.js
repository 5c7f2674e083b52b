// A film's poster, drawn from what is known of it: title and year choose the dice, genres the mood and the scene.
import { html } from '../../vendor/lit-html.js';
import { lang, tx } from '../i18n.js';
import { posterPalette } from './palette.js';
import { hash, rng } from './rng.js';
import { door, horizon, quilt, shards, skyline, vortex, waves } from './scenes.js';
import { letter, pair, planet, road, rosette, stage, stairs } from './scenes2.js';
import { setText } from './text.js';

const ALL = [
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
];

const SCENES = {
  Action: [shards, road, skyline, vortex, letter, stairs],
  Adventure: [horizon, road, waves, planet, quilt],
  Animation: [quilt, waves, rosette, horizon, planet, letter],
  Comedy: [quilt, pair, letter, stage, road, rosette],
  Crime: [skyline, shards, door, stairs, letter],
  Drama: [horizon, pair, door, stairs, skyline, waves, quilt, letter],
  Family: [quilt, waves, horizon, rosette],
  Fantasy: [planet, rosette, horizon, door, waves],
  History: [horizon, shards, quilt, stairs],
  Horror: [door, vortex, stairs, shards],
  Music: [stage, vortex, rosette],
  Musical: [stage, rosette, quilt],
  Mystery: [door, vortex, stairs, skyline],
  Romance: [pair, rosette, waves, skyline, horizon],
  'Sci-Fi': [planet, vortex, quilt, skyline, door],
  Sport: [road, shards, letter, quilt],
  Thriller: [vortex, stairs, shards, door, skyline],
  War: [horizon, shards, road, waves],
  Western: [horizon, road, shards],
};

function scene(genres, dice) {
  const known = genres.filter((g) => SCENES[g]);
  if (!known.length || dice.chance(0.12)) return dice.pick(ALL);
  return dice.pick(SCENES[dice.chance(0.7) ? known[0] : (known[1] ?? known[0])]);
}

const drawn = new Map();

/** The drawing alone, hidden from readers: the title stands beside it as text wherever it is used. */
export function poster(movie) {
  const key = `${lang()}|${movie.title.en || movie.title.ko}|${movie.year}`;
  if (!drawn.has(key)) drawn.set(key, paint(movie));
  return drawn.get(key);
}

function paint(movie) {
  const title = tx(movie.title);
  const dice = rng(hash(`${movie.title.en || movie.title.ko}|${movie.year}`));
  const genres = movie.genres ?? [];
  const palette = posterPalette(genres, dice);
  const { art, box } = scene(genres, dice)(palette, dice, title);
  return html`<svg class="poster" viewBox="0 0 200 300" aria-hidden="true" focusable="false" lang=${lang()}>
    ${art}${setText(title, box)}</svg>`;
}
