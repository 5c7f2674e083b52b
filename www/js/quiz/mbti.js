// Screens about the four letters: the type somebody knows, or statements and what they say.
import { html } from '../../vendor/lit-html.js';
import { emblem } from '../art/emblem.js';
import { draft } from '../draft.js';
import { t, tx, txs } from '../i18n.js';
import { TYPES } from '../types.js';
import { axes } from '../ui/axes.js';
import { closeCall } from '../ui/close_call.js';
import { choice } from './choice.js';

const LETTERS = ['EI', 'SN', 'TF', 'JP'];

let letters = null;

function chosenLetters() {
  letters ??= draft().how === 'choose' && draft().mbti ? [...draft().mbti] : ['', '', '', ''];
  return letters;
}

function letterRow(pair, at, ctx) {
  const set = (letter) => {
    letters = chosenLetters().map((l, i) => (i === at ? letter : l));
    const whole = letters.join('');
    ctx.keep(whole.length === 4 ? { how: 'choose', mbti: whole } : {});
  };
  return html`<fieldset class="letters"><legend class="sr">${t(`axis.${pair}`)}</legend>${[...pair].map(
    (letter) => html`<label class="letter">
    <input type="radio" name=${`letter-${pair}`} value=${letter} .checked=${chosenLetters()[at] === letter} @change=${() => set(letter)} />
    <span><b>${letter}</b>${t(`letter.${letter}`)}</span></label>`,
  )}</fieldset>`;
}

function known(survey, ctx) {
  const d = draft();
  const value = d.how === 'choose' ? d.mbti : null;
  const { items, more } = survey.mbti;
  const forms = [
    ['short', items.length],
    ['precise', items.length + more.length],
  ];
  return html`${choice({
    name: 'mbti',
    legend: t('mbti.ask'),
    lead: t('mbti.lead'),
    kind: 'types',
    value,
    options: TYPES.map((m) => ({ value: m, cls: `t-${m}`, view: html`${emblem(m)}<b>${m}</b>` })),
    pick: (m) => {
      letters = [...m];
      ctx.keep({ how: 'choose', mbti: m });
    },
    next: ctx.next,
    intro: html`<div class="aside-card unsure"><div><h2>${t('mbti.unsure')}</h2><p>${t('mbti.unsure.text')}</p></div>
      <p class="actions">${forms.map(
        ([form, n]) =>
          html`<button type="button" class="button quiet" @click=${() => ctx.begin(form)}>${t(`mbti.${form}`, { n })}</button>`,
      )}</p></div>`,
    extra: html`<div class="by-letter"><h2>${t('mbti.byletter')}</h2><div class="letter-rows">${LETTERS.map((pair, i) => letterRow(pair, i, ctx))}</div></div>`,
  })}`;
}

/** What the draft keeps of the survey with these answers. */
export function surveyed(irt, survey, form, said) {
  const { asked, ...way } = irt.way(survey.mbti, form, said);
  // Before anything is sent the type is needed for what comes next: which Enneagram types go with it.
  const type = way.over ? { mbti: irt.result(survey.mbti, way.survey).mbti } : {};
  return { form, said, ...way, ...type, asked: asked.length, version: survey.version };
}

function item(step, survey, ctx, irt) {
  const { form, said } = draft();
  const { asked } = irt.way(survey.mbti, form, said);
  const one = asked[Number(step.slice(1)) - 1] ?? asked.at(-1);
  const { values, labels } = survey.mbti.answers;
  return choice({
    name: one.id,
    legend: tx(one.text),
    lead: t('survey.lead'),
    kind: 'scale',
    value: said[one.id] ?? null,
    pick: (v) => ctx.keep(surveyed(irt, survey, form, { ...said, [one.id]: Number(v) })),
    next: ctx.next,
    options: txs(labels).map((label, k) => ({
      value: values[k],
      cls: `s${k}`,
      view: html`<i aria-hidden="true"></i><span>${label}</span>`,
    })),
  });
}

function outcome(survey, ctx, irt) {
  const { form, said } = draft();
  const more = form === 'short' && !irt.way(survey.mbti, 'longer', said).over;
  const { mbti, axes: all } = irt.result(survey.mbti, draft().survey);
  const take = (type) => {
    ctx.keep({ how: 'choose', mbti: type });
    letters = [...type];
    ctx.to('style');
  };
  return html`<div class="ask outcome"><p class="over">${t('survey.outcome')}</p>
    <div class=${`outcome-type t-${mbti}`}>${emblem(mbti)}<h1 tabindex="-1" data-focus>${mbti}</h1></div>${axes(all, mbti)}${closeCall(all, mbti, take, 'survey.take')}
    <p class="onward">${more ? html`<button type="button" class="button quiet" @click=${() => ctx.begin('longer')}>${t('survey.longer')}</button>` : ''}<button type="button" class="button" @click=${() => ctx.next()}>${t('survey.goon', { mbti })}</button></p></div>`;
}

/** irt: irt.js, which the statements and what they say need. */
export function mbtiStep(step, survey, ctx, irt) {
  if (step === 'mbti') return known(survey, ctx);
  return step === 'axes' ? outcome(survey, ctx, irt) : item(step, survey, ctx, irt);
}
