// Screens about the four letters: the type somebody knows, or twelve statements and what they say.
import { html } from '../../vendor/lit-html.js';
import { emblem } from '../art/emblem.js';
import { draft } from '../draft.js';
import { t, tx, txs } from '../i18n.js';
import { TYPES } from '../types.js';
import { axes } from '../ui/axes.js';
import { closeCall } from '../ui/close_call.js';
import { choice } from './choice.js';
import { score } from './score.js';

const LETTERS = ['EI', 'SN', 'TF', 'JP'];

let letters = null;

function chosenLetters() {
  letters ??= draft().mbti ? [...draft().mbti] : ['', '', '', ''];
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

function known(ctx) {
  const d = draft();
  const value = d.how === 'choose' ? d.mbti : null;
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
      <button type="button" class="button quiet" @click=${() => {
        ctx.keep({ how: 'survey' });
        ctx.to('q1');
      }}>${t('mbti.survey')}</button></div>`,
    extra: html`<div class="by-letter"><h2>${t('mbti.byletter')}</h2><div class="letter-rows">${LETTERS.map((pair, i) => letterRow(pair, i, ctx))}</div></div>`,
  })}`;
}

function item(step, survey, ctx) {
  const i = Number(step.slice(1)) - 1;
  const labels = txs(survey.scale.labels);
  const value = draft().survey[i] ?? null;
  const pick = (v) => {
    const answers = Array.from({ length: survey.mbti.items.length }, (_, k) => draft().survey[k] ?? null);
    answers[i] = Number(v);
    ctx.keep({ survey: answers, how: 'survey' });
  };
  return choice({
    name: survey.mbti.items[i].id,
    legend: tx(survey.mbti.items[i].text),
    lead: t('survey.lead'),
    kind: 'scale',
    value,
    pick,
    next: ctx.next,
    options: labels.map((label, k) => ({
      value: survey.scale.min + k,
      cls: `s${k}`,
      view: html`<i aria-hidden="true"></i><span>${label}</span>`,
    })),
  });
}

function outcome(survey, ctx) {
  const { mbti, axes: all } = score(survey.mbti.items, draft().survey);
  const take = (type) => {
    ctx.keep({ how: 'choose', mbti: type });
    letters = [...type];
    ctx.to('style');
  };
  return html`<div class="ask outcome"><p class="over">${t('survey.outcome')}</p>
    <div class=${`outcome-type t-${mbti}`}>${emblem(mbti)}<h1 tabindex="-1" data-focus>${mbti}</h1></div>${axes(all, mbti)}${closeCall(all, mbti, take, 'survey.take')}
    <p class="onward"><button type="button" class="button" @click=${() => ctx.next()}>${t('survey.goon', { mbti })}</button></p></div>`;
}

export function mbtiStep(step, survey, ctx) {
  if (step === 'mbti') return known(ctx);
  return step === 'axes' ? outcome(survey, ctx) : item(step, survey, ctx);
}
