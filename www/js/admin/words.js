// The console's own words, apart from the site's, so that visitors load none of them.
import { lang } from '../i18n.js';
import { particles } from '../particles.js';

const LOAD = { ko: () => import('./ko.js'), en: () => import('./en.js') };
let words = {};

/** For the language that counts now. */
export async function loadWords() {
  words = (await LOAD[lang()]()).default;
}

/** The words of a key; {name} stands for a value. An unknown key shows as the key. */
export function t(key, values) {
  const word = words[key];
  if (word === undefined) return key;
  const filled = values ? word.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? '')) : word;
  return lang() === 'ko' ? particles(filled) : filled;
}

/** The word of a code of the program, such as an action's; the code itself where there is none. */
export const known = (kind, code) => words[`${kind}.${code}`] ?? code;
