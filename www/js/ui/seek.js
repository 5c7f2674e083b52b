// What a field of a search suggests while one types: a combobox with a list box below it (ARIA Authoring Practices, "Editable Combobox With
// List Autocomplete"). Without it the form asks for the page of what is found.
import { html, nothing, render } from '../../vendor/lit-html.js';
import { fetchNow, query } from '../api.js';
import { at, lang, resultWords, t, tn, tx } from '../i18n.js';
import { go } from '../navigation.js';
import { said } from './text.js';

await resultWords();

const PAUSE = 160;
const EACH = 4;
const known = new WeakSet();

/** The address and the name of a kind of people that a search has found. */
export const typePath = ({ mbti, enneagram }) =>
  !mbti ? `/e/${enneagram}` : enneagram ? `/t/${mbti}/${enneagram}` : `/t/${mbti}`;
export const typeName = ({ mbti, enneagram }) => [mbti, enneagram].filter(Boolean).join(' ');

const year = (film) => (film.year ? ` (${film.year})` : '');

/** What is found as one list: where each leads, what it is called, what it is. */
const options = ({ types, characters, movies }) => [
  ...types.items
    .slice(0, EACH)
    .map((k) => ({ to: typePath(k), name: typeName(k), more: k.names.map(tx).join(' · '), kind: 'type' })),
  ...characters.items.map((c) => ({
    to: `/c/${c.id}`,
    name: said(c.name),
    more: tx(c.movie.title),
    kind: 'characters',
  })),
  ...movies.items.map((m) => ({ to: `/m/${m.id}`, name: said(m.title), more: year(m), kind: 'movies' })),
];

/** Makes the input of a form a combobox; once is enough. */
export function suggest(input) {
  if (known.has(input)) return;
  known.add(input);
  const list = `${input.id}-list`;
  const box = input.form.appendChild(document.createElement('div'));
  let found = []; // what is suggested
  let active = -1; // of these, the one that Enter opens; none: what was typed
  let asked = ''; // the newest question
  let timer = 0;
  const all = () => at('/search') + query({ q: input.value.trim() });
  const open = () => document.activeElement === input && asked !== '' && found.length > 0;

  const option = (o, i) =>
    html`<li role="option" id=${`${list}-${i}`} aria-selected=${i === active ? 'true' : 'false'} @click=${() => leave(at(o.to))}><span class="seek-name">${o.name}</span> <span class="seek-more">${o.more}</span> <span class="seek-kind">${t(`search.${o.kind}`)}</span></li>`;
  function draw() {
    const shown = open();
    input.setAttribute('aria-expanded', String(shown));
    if (shown && active >= 0) input.setAttribute('aria-activedescendant', `${list}-${active}`);
    else input.removeAttribute('aria-activedescendant');
    render(
      html`<ul class="seek-list" role="listbox" id=${list} aria-label=${t('search.label')} lang=${lang()} ?hidden=${!shown} @pointerdown=${(e) => e.preventDefault()}>${shown ? found.map(option) : nothing}</ul>
      <p class="sr" role="status">${shown ? tn('search.options', found.length) : ''}</p>`,
      box,
    );
    if (shown && active >= 0)
      document.getElementById(`${list}-${active}`).scrollIntoView({ block: 'nearest' });
  }
  const close = () => {
    clearTimeout(timer);
    asked = '';
    active = -1;
    draw();
  };
  function leave(to) {
    close();
    input.blur();
    go(to);
  }
  async function ask() {
    const q = input.value.trim();
    asked = q;
    active = -1;
    if (!q) return draw();
    try {
      const answer = await fetchNow(`search${query({ q, limit: EACH })}`);
      if (asked !== q) return; // a newer one is under way
      found = options(answer);
    } catch {
      found = []; // the page of what is found says what is wrong
    }
    draw();
  }
  const step = (by) => {
    if (!open()) return ask();
    const n = found.length + 1; // one place is the field itself
    active = ((active + 1 + by + n) % n) - 1;
    draw();
  };

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list);
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) step(by);
    else if (event.key === 'Escape' && open()) close();
    else return;
    event.preventDefault();
  });
  input.addEventListener('blur', close);
  input.form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (active >= 0) leave(at(found[active].to));
    else if (input.value.trim()) leave(all());
  });
  draw();
  if (input.value.trim() && input.id !== 'search-q') ask(); // typed before this was here
}
