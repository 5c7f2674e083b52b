// Saying what is wrong on a page: a short form at its end, for the owner to look at.
import { html } from '../../vendor/lit-html.js';
import { post } from '../api.js';
import { t } from '../i18n.js';
import { toast } from './toast.js';

const KINDS = {
  character: ['type', 'text', 'picture', 'other'],
  movie: ['text', 'link', 'picture', 'other'],
};

/** The form of one page: {view()}. about: character or movie. */
export function reportBox(about, id, draw) {
  const s = { open: false, busy: false };
  const toggle = () => {
    s.open = !s.open;
    draw();
  };
  const send = async (event) => {
    event.preventDefault();
    if (s.busy) return;
    const form = new FormData(event.target);
    s.busy = true;
    draw();
    try {
      await post('reports', { about, id: Number(id), kind: form.get('kind'), text: form.get('said').trim() });
      s.open = false;
      toast(t('report.sent'));
    } catch {
      toast(t('report.failed'), 'bad');
    }
    s.busy = false;
    draw();
  };
  const kind = (k, i) =>
    html`<label><input type="radio" name="kind" value=${k} required ?checked=${i === 0}><span>${t(`report.${k}`)}</span></label>`;
  const form =
    () => html`<form class="report-form" @submit=${send}><fieldset><legend>${t('report.kind')}</legend>${KINDS[about].map(kind)}</fieldset>
    <label class="report-said"><span>${t('report.said')}</span><textarea name="said" maxlength="300" rows="3"></textarea></label><p class="fine">${t('report.private')}</p>
    <p class="actions"><button class="button" aria-busy=${s.busy ? 'true' : 'false'}>${t('report.send')}</button><button type="button" class="text-button" @click=${toggle}>${t('report.close')}</button></p></form>`;
  return {
    view: () =>
      html`<div class="wrap report">${s.open ? form() : html`<button type="button" class="text-button" aria-expanded="false" @click=${toggle}>${t('report.open')}</button>`}</div>`,
  };
}
