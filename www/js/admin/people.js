// Votes to look at, a visitor by number, and a ban.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { tx } from '../i18n.js';
import { moment, n, percent, sheet, stamp } from './parts.js';
import { ask, newest } from './requests.js';
import { known, t } from './words.js';

const chosen = () => location.hash.split('/')[1];

export async function load() {
  const id = chosen();
  const [votes, one, actions] = await Promise.all([
    fetchNow('admin/votes'),
    id ? fetchNow(`admin/visitors/${id}`) : null,
    fetchNow('admin/actions?limit=20'),
  ]);
  return { votes, one, actions: actions.items };
}

const OURS = ['ban', 'unban', 'take_votes'];

const button = (console, action, visitor) =>
  html`<button type="button" class="button quiet" @click=${() => ask(console, action, { subject: String(visitor), on: t('people.visitor', { n: visitor }) })}>${known('action', action)}</button>`;
const buttons = (console, visitor, banned) =>
  html`<div class="row-actions">${button(console, banned ? 'unban' : 'ban', visitor)}${button(console, 'take_votes', visitor)}</div>`;
const link = (visitor) => html`<a href="#people/${visitor}">${visitor}</a>`;

const one = (v, console) => html`<section><h2>${t('people.visitor', { n: v.visitor })}</h2>
  <div class="figures"><div class="figure"><span>${t('people.since')}</span><strong>${moment(v.created)}</strong><small>${v.account ? t('people.account', { at: moment(v.account) }) : t('people.guest')}</small></div>
  <div class="figure"><span>${t('figure.tests')}</span><b>${n(v.n_tests)}</b></div><div class="figure"><span>${t('figure.likes')}</span><b>${n(v.n_likes)}</b></div><div class="figure"><span>${t('people.votes')}</span><b>${n(v.n_votes)}</b></div></div>
  ${v.banned ? html`<p><span class="tag bad">${t('people.banned', { at: moment(v.banned) })}</span></p>` : ''}
  ${buttons(console, v.visitor, v.banned)}<p class="fine">${t('people.note')}</p>
  <p>${t('people.tests')}: ${v.tests.length ? v.tests.map((id) => html`<a href="#why/${id}">${id}</a> `) : t('none')}</p></section>`;

function find(event) {
  event.preventDefault();
  location.hash = `people/${new FormData(event.target).get('visitor')}`;
}

export function view(data, console) {
  const { votes } = data;
  return html`${newest(data.actions, OURS, console)}<form @submit=${find}><label>${t('people.find')}<input name="visitor" inputmode="numeric" pattern="[1-9][0-9]{0,9}" required></label><button class="button">${t('people.look')}</button></form>
    ${data.one ? one(data.one, console) : ''}
    <section><h2>${t('people.characters')}</h2><p class="fine">${t('people.characters.note', { n: votes.days })}</p>${
      votes.characters.length
        ? sheet(
            t('people.characters'),
            [
              [t('people.character')],
              [t('people.votes'), true],
              [t('people.fresh'), true],
              [t('people.most')],
              [t('people.agree'), true],
            ],
            votes.characters.map((c) => [
              html`<a href="/c/${c.character_id}">${c.name ? tx(c.name) : c.character_id}</a>`,
              n(c.votes),
              n(c.fresh),
              c.mbti,
              percent(c.agreed, c.votes, 0),
            ]),
          )
        : html`<p>${t('none')}</p>`
    }</section>
    <section><h2>${t('people.voters')}</h2>${
      votes.voters.length
        ? sheet(
            t('people.voters'),
            [
              [t('people.number')],
              [t('people.votes'), true],
              [t('people.since')],
              [t('people.last')],
              [t('live.do')],
            ],
            votes.voters.map((v) => [
              link(v.visitor),
              n(v.votes),
              stamp(v.account),
              stamp(v.last),
              html`${v.banned ? html`<span class="tag bad">${known('action', 'ban')}</span>` : ''}${buttons(console, v.visitor, v.banned)}`,
            ]),
          )
        : html`<p>${t('none')}</p>`
    }</section>`;
}
