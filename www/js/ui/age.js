// "Are you 14 or older?", asked once, before anything of somebody is kept (decision 46): in a sheet above the page when something is about
// to be stored, and on the page of signing in.
import { html, render } from '../../vendor/lit-html.js';
import { over14, sayAge, young } from '../age.js';
import { resultWords, t } from '../i18n.js';
import { moveHere } from '../storage.js';

/** What was kept in this browser before goes with the visit too. */
function move() {
  moveHere();
  import('../offline.js').then(({ forgetResult }) => forgetResult()).catch(() => {});
}

/** Both answers look alike. done() comes after one; the words are those of results. */
export const ageAnswers = (done) =>
  html`<p class="actions">${['yes', 'no'].map(
    (answer) =>
      html`<button type="button" class="button quiet" @click=${() => {
        sayAge(answer);
        if (young()) move();
        done();
      }}>${t(`age.${answer}`)}</button>`,
  )}</p>`;

/** Until there is an answer; a sheet that is closed is none. */
async function askAge() {
  await resultWords();
  const box = document.createElement('dialog');
  box.className = 'share-sheet';
  box.setAttribute('aria-labelledby', 'age-title');
  render(
    html`<h2 id="age-title">${t('age.ask')}</h2><p>${t('age.why')}</p>${ageAnswers(() => box.close())}`,
    box,
  );
  document.body.append(box);
  await new Promise((done) => {
    box.addEventListener('close', done);
    box.showModal();
  });
  box.remove();
}

// What stores nothing of who asks: it takes away, or is told by those alone who agreed and are of age (consent.js).
const TAKES_AWAY = /^(?:me(?:$|\/(?!profile))|events$|\/auth\/)/;
const stores = (method, path) =>
  !TAKES_AWAY.test(path) && !(method === 'DELETE' && path.startsWith('circles/'));

/** Whether it may go on: before the first thing that is stored of somebody their age is asked, unless askMe() has told it. Who is under 14 gets a
 * result, and nothing is kept of it. */
export async function ofAge(method, path, askMe) {
  if (!stores(method, path)) return true;
  if (!over14()) await askMe();
  if (!over14()) await askAge();
  return over14() === 'yes' || (young() && path === 'tests');
}
