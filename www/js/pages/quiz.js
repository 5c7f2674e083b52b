// The test: one question a screen, each screen a history entry.
import { keyed } from '../../vendor/directives/keyed.js';
import { html } from '../../vendor/lit-html.js';
import { askToken, get } from '../api.js';
import { answers, draft, keep, restart } from '../draft.js';
import { record } from '../events.js';
import { at, bare, t } from '../i18n.js';
import { back, go } from '../navigation.js';
import { enneagramStep } from '../quiz/enneagram.js';
import { mbtiStep, surveyed } from '../quiz/mbti.js';
import { send } from '../quiz/send.js';
import { after, before, ENNEAGRAM, path, progress, reachable } from '../quiz/steps.js';
import { CIRCLE, FRIEND, forgetHere, recallHere } from '../storage.js';
import { failure, resource, skeleton } from '../ui/states.js';

const asked = () => new URLSearchParams(location.search).get('step');
const address = (step) => at(`/test?step=${step}`);

/** Where to stand: a finished draft starts anew unless its films are asked for; an unfinished one resumes. */
function stand() {
  const wanted = asked();
  if (wanted === 'result') return 'result';
  if (!wanted && (draft().done || draft().from)) restart();
  return reachable(draft(), wanted ?? (draft().started ? draft().step : 'mbti'));
}

const DAY = 24 * 3600 * 1000; // a question that is older was left open, not thought about
const SURVEY = ['mbti', ...Array.from({ length: 28 }, (_, i) => `q${i + 1}`), 'axes'];

/** A question as events name it: by its place among those of its kind; the answer stays in the test. */
const question = (step) =>
  SURVEY.includes(step)
    ? { list: 'survey', position: SURVEY.indexOf(step) }
    : { list: 'enneagram', position: ENNEAGRAM.indexOf(step) };

const head = (step, onBack) => {
  const { at: nth, of, most } = progress(draft(), step);
  return html`<div class="test-head"><button type="button" class="text-button" @click=${onBack}><span aria-hidden="true">←</span> ${t('test.back')}</button>
    ${
      of > 1
        ? html`<p class="step" role="status">${t(most ? 'test.progress.most' : 'test.progress', { at: nth, of })}</p>
    <button type="button" class="text-button" @click=${() => {
      restart();
      go(at('/test'), { replace: true });
    }} ?hidden=${!draft().started}>${t('test.restart')}</button>
    <progress max=${of} value=${nth} aria-label=${t('test.progress.label')}></progress>`
        : ''
    }</div>`;
};

export function open(params, draw) {
  const survey = resource(() => get('survey'), draw);
  let step = 'mbti';
  let since = performance.now(); // that the question is shown
  let wall = null;
  const sending = send(draw);

  // What the first question does not need comes behind it: the survey's arithmetic, the wall of films, and the result of who could not be saved.
  const come = {};
  const part = (name, load) => {
    if (come[name] === undefined) {
      come[name] = null;
      load().then(
        (module) => {
          come[name] = module;
          if (name === 'irt') settle();
          draw();
        },
        () => {
          come[name] = undefined; // the next time it is needed it is asked for again
        },
      );
    }
    return come[name];
  };
  // Where somebody stands in the survey is told by its arithmetic, which comes behind the choice of it.
  const settle = () => {
    const { how, form, said } = draft();
    if (how === 'survey' && form) keep(surveyed(come.irt, survey.value, form, said));
  };
  const irtPart = () => part('irt', () => import('../quiz/irt.js'));
  const wallPart = () => part('films', () => import('../quiz/films.js'));
  const resultPart = () => part('result', () => import('./result.js'));

  const move = () => {
    const last = step;
    step = stand();
    if (step !== last) since = performance.now();
    if (step === 'result' && !sending.result()) step = reachable(draft(), 'films');
    if (step !== 'result' && asked() !== step) history.replaceState(history.state, '', address(step));
    if (draft().started && step !== 'result' && !draft().done) keep({ step });
  };
  const ctx = {
    draw,
    keep: (changes) => {
      keep(changes);
      draw();
    },
    next: () => {
      answered();
      go(address(after(draft(), step)));
    },
    begin: (form) => {
      keep({ how: 'survey', form, asked: 1, left: 0, over: false });
      if (come.irt) settle();
      ctx.to(form === 'longer' ? `q${draft().asked}` : 'q1'); // longer begins where the short form has ended
    },
    to: (s) => {
      answered();
      go(address(s));
    },
  };
  const answered = () =>
    record('question', { ...question(step), took: Math.min(DAY, Math.round(performance.now() - since)) });
  const goBack = () => {
    const previous = before(draft(), step);
    back(previous ? address(previous) : at(draft().from ? '/me' : '/'));
  };
  const finish = async () => {
    const token = await sending.run(answers(draft(), document.documentElement.lang), draft());
    if (token === undefined) {
      if (sending.refuses('movies') && (await wall?.check())) await finish();
      return;
    }
    if (recallHere(FRIEND)) record('friend', { test: recallHere(FRIEND) });
    forgetHere(FRIEND);
    if (token && recallHere(CIRCLE)) go(at(`/w/${recallHere(CIRCLE)}`));
    else if (token) go(at(`/r/${token}`));
    else go(at('/test?step=result'));
  };

  // Every question has nodes of its own: nothing of the one before stays under the finger.
  const framed = (view) => keyed(step, html`<div data-screen=${step}>${view}</div>`);
  const screen = () => {
    if (step === 'films') wall ??= wallPart()?.films(draw) ?? null;
    if (step === 'films' && wall) return framed(wall.view({ submit: finish, sending }));
    if (step === 'films') return html`<div class="pad">${skeleton(6, 'posters')}</div>`;
    if (!survey.value)
      return survey.error ? failure(survey.error, survey.run) : html`<div class="pad">${skeleton(4)}</div>`;
    if (step === 'mbti') return framed(mbtiStep(step, survey.value, ctx));
    if (step[0] === 'q' || step === 'axes') {
      const irt = irtPart();
      return irt
        ? framed(mbtiStep(step, survey.value, ctx, irt))
        : html`<div class="pad">${skeleton(4)}</div>`;
    }
    return framed(enneagramStep(step, survey.value, ctx));
  };

  const unsaved = () => {
    const shown = resultPart();
    return shown
      ? shown.resultView(sending.result(), draw, { unsaved: { again: finish, sending } })
      : html`<div class="wrap pad">${skeleton(6)}</div>`;
  };

  survey.run().then(wallPart);
  askToken();
  move();
  if (!draft().started) record('start', {});
  return {
    title: () => t('title.test'),
    bare: () => step !== 'result',
    ready: () => survey.done,
    whole: () => Boolean(survey.value),
    stays: (place) => bare(place.pathname) === '/test' && path(draft()).length > 0,
    moved: async () => {
      move();
      draw();
    },
    close: () => wall?.close(),
    view: () =>
      step === 'result'
        ? unsaved()
        : html`<div class=${`wrap test test-${step}`}>${head(step, goBack)}${screen()}</div>`,
  };
}
