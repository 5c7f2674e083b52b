// What visitors think a character's type is: the counts, and one's own vote.
import { html, svg } from '../../vendor/lit-html.js';
import { account } from '../account.js';
import { del, forgetPath, put } from '../api.js';
import { allWords, at, number, t, tn } from '../i18n.js';
import { TYPES } from '../types.js';
import { toast } from './toast.js';

const WINGS = Array.from({ length: 9 }, (_, i) => [
  `${i + 1}w${i === 0 ? 9 : i}`,
  `${i + 1}w${i === 8 ? 1 : i + 2}`,
]).flat();
const LABELS = ['provisional', 'contested', 'agreed'];

const percent = (count, all) => Math.round((100 * count) / all);

/** Types by their votes, most first. */
const ordered = (list) => (list ?? []).filter((x) => x.count > 0).sort((a, b) => b.count - a.count);

/** One type: its share of all votes, as a bar and in numbers. */
const bar = (
  { name, count },
  all,
) => html`<li><b>${name}</b><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${svg`<rect class="rest" width="100" height="10" /><rect class="part" width=${(100 * count) / all} height="10" />`}</svg>
  <span>${percent(count, all)}% · ${tn('vote.count', count)}</span></li>`;

function bars(list, key, label) {
  const some = ordered(list);
  if (!some.length) return '';
  const all = some.reduce((sum, x) => sum + x.count, 0);
  return html`<ul class="bars" aria-label=${label}>${some.map((x) => bar({ name: x[key], count: x.count }, all))}</ul>`;
}

/** Which type leads, and which comes next. */
function leaders(d) {
  const [first, second] = ordered(d.mbti);
  if (!second) return '';
  const values = {
    mbti: first.mbti,
    n: percent(first.count, d.count),
    other: second.mbti,
    m: percent(second.count, d.count),
  };
  return html`<p>${t(first.count === second.count ? 'vote.tied' : 'vote.leads', values)}</p>`;
}

const tally = (d) =>
  d?.count
    ? html`<p>${LABELS.includes(d.label) ? html`<strong class="vote-label">${t(`vote.${d.label}`)}</strong> · ` : ''}${tn('vote.all', d.count)}${d.agreement === undefined ? '' : ` · ${t('vote.agreement', { n: number(Math.round(d.agreement * 100)) })}`}</p>
    ${LABELS.includes(d.label) ? html`<p class="muted">${t(`vote.${d.label}.text`)}</p>` : ''}${leaders(d)}
    ${bars(d.mbti, 'mbti', t('vote.bars'))}${bars(d.enneagram, 'enneagram', t('vote.bars.enneagram'))}`
    : html`<p class="muted">${t('vote.none')}</p>`;

const form = (
  s,
  act,
) => html`<form class="vote-form" @submit=${act.send}><fieldset><legend>${t('vote.pick')}</legend><div class="vote-types">${TYPES.map((m) => html`<label><input type="radio" name="mbti" value=${m} required .checked=${s.mbti === m} @change=${() => act.set({ mbti: m })} /><span>${m}</span></label>`)}</div></fieldset>
  <label class="vote-wing"><span>${t('vote.enneagram')}</span><select name="enneagram" @change=${(e) => act.set({ enneagram: e.target.value || null })}><option value="" .selected=${!s.enneagram}>${t('vote.enneagram.none')}</option>${WINGS.map((w) => html`<option value=${w} .selected=${s.enneagram === w}>${w}</option>`)}</select></label>
  <p class="actions"><button class="button" aria-busy=${s.busy ? 'true' : 'false'}>${s.mine ? t('vote.change') : t('vote.send')}</button>
  ${s.mine ? html`<button type="button" class="text-button" @click=${act.back}>${t('vote.back')}</button>` : ''}</p></form>`;

const invitation = (id) =>
  html`<p>${t('vote.invite')}</p><p><a class="button quiet" href=${at(`/login?return=${at(`/c/${id}`)}`)}>${t('nav.login')}</a></p>`;

/** The vote box of one character: {view()}. Nothing is shown while the database is away (visitor_votes null). */
export function voteBox(id, draw) {
  const s = { votes: undefined, mine: null, mbti: null, enneagram: null, signedIn: null, busy: false };
  const take = (vote) =>
    Object.assign(s, { mine: vote ?? null, mbti: vote?.mbti ?? null, enneagram: vote?.enneagram ?? null });
  const ask = () =>
    account().then(
      (who) => {
        s.signedIn = who.signed_in === true;
        draw();
      },
      () => {},
    );
  const attempt = async (work, vote, done) => {
    if (s.busy) return;
    s.busy = true;
    draw();
    try {
      s.votes = (await work()).votes ?? s.votes;
      take(vote);
      forgetPath(`characters/${id}`);
      toast(t(done));
    } catch (error) {
      if (error.status === 401) s.signedIn = false;
      toast(t('vote.failed'), 'bad');
    }
    s.busy = false;
    draw();
  };
  const act = {
    set: (part) => {
      Object.assign(s, part);
      draw();
    },
    send: (event) => {
      event.preventDefault();
      const vote = { mbti: s.mbti, ...(s.enneagram && { enneagram: s.enneagram }) };
      attempt(() => put(`characters/${id}/vote`, vote), vote, 'vote.kept');
    },
    back: () => attempt(() => del(`characters/${id}/vote`), null, 'vote.gone'),
  };
  return {
    /** What the character's answer says: known when its words are. */
    know(c) {
      if (!c.visitor_votes) return null;
      take(c.my_vote);
      return allWords().then(
        () => {
          s.votes = c.visitor_votes;
          ask();
        },
        () => {},
      );
    },
    view: () =>
      s.votes === undefined
        ? ''
        : html`<div class="wrap"><section class="panel vote" aria-labelledby="vote"><h2 id="vote">${t('vote.title')}</h2><div class="vote-said">${tally(s.votes)}</div>
      ${s.signedIn === null ? '' : s.signedIn ? form(s, act) : html`<div class="vote-said">${invitation(id)}</div>`}</section></div>`,
  };
}
