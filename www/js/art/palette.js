// Colours of types, {bg, light, pop, pop2, deep}, and what all drawings ask of colours.

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
