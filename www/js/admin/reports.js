// What visitors say is wrong on pages of characters and films.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { tx } from '../i18n.js';
import { moment, sheet } from './parts.js';
import { ask, newest } from './requests.js';
import { known, t } from './words.js';

export async function load() {
  const [reports, actions] = await Promise.all([
    fetchNow('admin/reports'),
    fetchNow('admin/actions?limit=20'),
  ]);
  return { items: reports.items, actions: actions.items };
}

const subject = (r) =>
  html`<a href=${`/${r.about === 'movie' ? 'm' : 'c'}/${r.id}`}>${r.name ? tx(r.name) : r.id}</a>`;

const close = (r, console) =>
  html`<button type="button" class="button quiet" @click=${() => ask(console, 'close_report', { subject: String(r.report), on: t('reports.report', { n: r.report }) })}>${known('action', 'close_report')}</button>`;

export function view(data, console) {
  const heads = ['when', 'about', 'kind', 'said'].map((h) => [t(`reports.${h}`)]);
  return html`${newest(data.actions, ['close_report'], console)}<p class="fine">${t('reports.note')}</p>
    ${
      data.items.length
        ? sheet(
            t('nav.reports'),
            [...heads, [t('live.do')]],
            data.items.map((r) => [
              moment(r.created),
              subject(r),
              known('report', r.kind),
              r.said || '–',
              close(r, console),
            ]),
          )
        : html`<p>${t('none')}</p>`
    }`;
}
