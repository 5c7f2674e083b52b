// Screens about the Enneagram: two three-way questions and a choice of wing, or the type somebody knows; all may be skipped.
import { html } from '../../vendor/lit-html.js';
import { get, query } from '../api.js';
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

const guesses = new Map();

/** The types that the answers speak for, the likeliest first: [{core, percent}]. Until the site has said so, the one that both name. */
function likely(survey, { mbti, style, coping }, draw) {
  const asked = `enneagrams${query({ mbti, style, coping })}`;
  if (!guesses.has(asked)) {
    guesses.set(asked, [survey.enneagram.cores.find((c) => c.style === style && c.coping === coping)]);
    get(asked).then(
      (r) => {
        guesses.set(asked, r.likely);
        draw();
      },
      () => guesses.delete(asked), // the one is enough to go on
    );
  }
  return guesses.get(asked) ?? [];
}

function wing(survey, ctx) {
  const d = draft();
  const types = likely(survey, d, ctx.draw);
  const options = types.flatMap(({ core, percent }) =>
    survey.wings
      .filter((w) => w.enneagram[0] === String(core))
      .map((w, i) => ({
        value: w.enneagram,
        head: percent !== undefined && i === 0 && t('enneagram.likely', { core, n: percent }),
        view: html`<span>${tx(w.statement)}</span>`,
      })),
  );
  return choice({
    name: 'wing',
    legend: tx(survey.enneagram.wing_text),
    lead: t('enneagram.wing', { core: types[0]?.core }),
    value: d.enneagram,
    next: ctx.next,
    options,
    pick: (v) => ctx.keep({ enneagram: v, enneagramHow: 'ask' }),
    extra: html`${types.length > 1 ? html`<p class="fine">${t('enneagram.likely.note', { mbti: d.mbti })}</p>` : ''}${sideways('wing', ctx)}`,
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
