// Screens about the Enneagram: two three-way questions and a choice of wing, or the type somebody knows; all may be skipped.
import { html } from '../../vendor/lit-html.js';
import { draft } from '../draft.js';
import { t, tx } from '../i18n.js';
import { choice } from './choice.js';

const asked = (survey, id) => survey.enneagram.questions.find((q) => q.id === id);

/** The lines below a question: a way to another screen, if any, and past all of them. */
const sideways = (step, ctx, way) =>
  html`${way ? html`<p class="sideway">${way}</p>` : ''}<p class="sideway"><button type="button" class="text-button" @click=${() => {
    ctx.keep({ skipped: step, enneagram: null });
    ctx.to('films');
  }}>${t('enneagram.skip')}</button></p>`;

function threeWay(id, survey, ctx) {
  const q = asked(survey, id);
  return choice({
    name: id,
    legend: tx(q.text),
    lead: t('enneagram.lead'),
    value: draft()[id],
    options: q.options.map((o) => ({ value: o.id, view: html`<span>${tx(o.text)}</span>` })),
    pick: (v) => ctx.keep({ [id]: v, enneagram: null, enneagramHow: 'ask' }),
    next: ctx.next,
    extra: sideways(
      id,
      ctx,
      id === 'style' &&
        html`<button type="button" class="text-button" @click=${() => {
          ctx.keep({ enneagramHow: 'known' });
          ctx.to('known');
        }}>${t('enneagram.know')}</button>`,
    ),
  });
}

function wing(survey, ctx) {
  const d = draft();
  const core = survey.enneagram.cores.find((c) => c.style === d.style && c.coping === d.coping)?.core;
  const two = survey.wings.filter((w) => w.enneagram[0] === String(core));
  return choice({
    name: 'wing',
    legend: tx(survey.enneagram.wing_text),
    lead: t('enneagram.wing', { core }),
    value: d.enneagram,
    next: ctx.next,
    options: two.map((w) => ({ value: w.enneagram, view: html`<span>${tx(w.statement)}</span>` })),
    pick: (v) => ctx.keep({ enneagram: v, enneagramHow: 'ask' }),
    extra: sideways('wing', ctx),
  });
}

function known(survey, ctx) {
  return choice({
    name: 'known',
    legend: t('enneagram.known'),
    lead: t('enneagram.known.lead'),
    value: draft().enneagram,
    kind: 'wings',
    next: ctx.next,
    options: survey.wings.map((w) => ({
      value: w.enneagram,
      view: html`<b>${w.enneagram}</b><span>${tx(w.name)}</span>`,
    })),
    pick: (v) => ctx.keep({ enneagram: v, enneagramHow: 'known' }),
    extra: sideways(
      'known',
      ctx,
      html`<button type="button" class="text-button" @click=${() => {
        ctx.keep({ enneagramHow: 'ask', enneagram: null });
        ctx.to('style');
      }}>${t('enneagram.ask')}</button>`,
    ),
  });
}

export function enneagramStep(step, survey, of) {
  // Whoever answers after all has not skipped it.
  const keep = (changes) => of.keep({ skipped: null, ...changes });
  const next = () => {
    keep({});
    of.next();
  };
  const ctx = { ...of, keep, next };
  if (step === 'wing') return wing(survey, ctx);
  return step === 'known' ? known(survey, ctx) : threeWay(step, survey, ctx);
}
