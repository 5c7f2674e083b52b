// A result ordered and narrowed down by what somebody feels like: asked for anew at each change, and kept in the address, so that a link shows
// the same. The stored result stays what it is.
import { html } from '../../vendor/lit-html.js';
import { get, query } from '../api.js';
import { lang, t } from '../i18n.js';

const TASTE = { film: 50, person: 35, popularity: 0 }; // as the match has it
const WORDS = ['country', 'service'];
const SOON = 150; // milliseconds that a finger may go on moving
const decades = ({ since, until }) => {
  const all = [];
  for (let y = Math.floor(until / 10) * 10; y >= since - 9; y -= 10) all.push(y);
  return all;
};

function fromAddress() {
  const q = new URLSearchParams(location.search);
  const taste = Object.keys(TASTE).filter((k) => /^\d{1,2}$|^100$/.test(q.get(k) ?? ''));
  const words = WORDS.filter((k) => q.get(k));
  return {
    ...Object.fromEntries(taste.map((k) => [k, Number(q.get(k))])),
    ...Object.fromEntries(words.map((k) => [k, q.get(k)])),
    ...(/^\d{4}$/.test(q.get('since') ?? '') && { since: Number(q.get('since')) }),
  };
}

/** The name of a country that the catalog knows by its code. */
function country(name) {
  if (!/^[A-Z]{2}$/.test(name)) return name;
  try {
    return new Intl.DisplayNames(lang(), { type: 'region' }).of(name);
  } catch {
    return name;
  }
}

/** What a page keeps of it: lists() is null as long as nothing is asked for. */
export function refine(draw) {
  let wish = fromAddress();
  let found = null; // {same, compatible}
  let filters = null;
  let failed = false;
  let timer = 0;
  let round = 0;
  const wanted = () => Object.keys(wish).length > 0;

  async function load(r) {
    const mine = ++round;
    try {
      const answer = await get(
        `recommendations${query({
          mbti: r.personality.mbti,
          enneagram: r.personality.enneagram,
          movies: r.movies.map((m) => m.id).join(),
          ...wish,
          ...(wish.since && { until: wish.since + 9 }),
        })}`,
      );
      if (mine !== round) return;
      found = answer;
      failed = false;
    } catch {
      if (mine !== round) return;
      failed = true;
    }
    draw();
  }

  function change(r, changes) {
    wish = { ...wish, ...changes };
    for (const k of Object.keys(wish))
      if (wish[k] === '' || wish[k] === undefined || Number.isNaN(wish[k])) delete wish[k];
    history.replaceState(history.state, '', `${location.pathname}${query(wish)}`);
    clearTimeout(timer);
    if (wanted()) {
      timer = setTimeout(load, SOON, r);
    } else {
      round++;
      found = null;
      failed = false;
    }
    draw();
  }

  function opened(r) {
    if (!filters) {
      filters = {};
      get('filters').then(
        (f) => {
          filters = f;
          draw();
        },
        () => {
          filters = null;
        },
      );
    }
    if (wanted() && !found) load(r);
  }

  const slider = (r, name) =>
    html`<label class="refine-slider"><span>${t(`refine.${name}`)}</span><input type="range" min="0" max="100" step="5" .value=${String(wish[name] ?? TASTE[name])}
      @input=${(e) => taste(r, name, Number(e.target.value))} /></label>`;

  /** All at 0 means nothing: the last one that was moved stays at 5. */
  function taste(r, name, value) {
    const all = { ...TASTE, ...wish, [name]: value };
    const sum = Object.keys(TASTE).reduce((n, k) => n + all[k], 0);
    change(r, { [name]: sum === 0 ? 5 : value });
  }

  const choice = (r, name, options) =>
    options?.length > 1
      ? html`<label class="refine-choice"><span>${t(`refine.${name}`)}</span><select @change=${(e) => change(r, { [name]: name === 'since' ? Number.parseInt(e.target.value, 10) : e.target.value })}>
        <option value="" ?selected=${!wish[name]}>${t('refine.any')}</option>${options.map(
          ([value, label]) =>
            html`<option value=${value} ?selected=${String(wish[name] ?? '') === String(value)}>${label}</option>`,
        )}</select></label>`
      : '';

  const status = (r) => {
    if (failed) return html`<p role="alert">${t('refine.failed')}</p>`;
    if (!wanted()) return '';
    return html`<p class="refine-on" role="status"><span>${t('refine.on')}</span><button type="button" class="text-button" @click=${() => change(r, Object.fromEntries(Object.keys(wish).map((k) => [k, ''])))}>${t('refine.off')}</button></p>`;
  };

  const view = (r) =>
    r.movies?.length >= 3
      ? html`<section class="wrap"><details class="panel refine" ?open=${wanted()} @toggle=${(e) => e.target.open && opened(r)}><summary>${t('refine.title')}</summary>
    <div class="refine-in">${Object.keys(TASTE).map((name) => slider(r, name))}
    ${choice(
      r,
      'country',
      filters?.countries?.map(({ name }) => [name, country(name)]),
    )}
    ${choice(r, 'since', filters?.until ? decades(filters).map((y) => [y, t('refine.decade', { y })]) : [])}
    ${choice(
      r,
      'service',
      filters?.services?.map(({ name }) => [name, name]),
    )}</div>${status(r)}</details></section>`
      : '';

  return { view, lists: () => (wanted() && found ? found : null) };
}
