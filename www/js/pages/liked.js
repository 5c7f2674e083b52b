// What this visitor keeps: liked characters and finished tests. No account: both hang on this browser's cookie.
import { html } from '../../vendor/lit-html.js';
import { forgetTest } from '../account.js';
import { del, fetchNow } from '../api.js';
import { place } from '../events.js';
import { at, date, resultWords, t } from '../i18n.js';
import { chip, faceCard } from '../ui/card.js';
import { leftOut } from '../ui/left_out.js';
import { pager } from '../ui/paged.js';
import { empty, failure, resource, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

await resultWords();

async function remove(it, test, draw) {
  const was = it.value;
  it.value = { ...was, tests: { ...was.tests, items: was.tests.items.filter((x) => x !== test) } };
  draw();
  try {
    await del(`me/tests/${test.token}`);
    forgetTest(test.token);
    toast(t('liked.deleted'));
  } catch {
    it.value = was;
    toast(t('liked.notdeleted'), 'bad');
    draw();
  }
}

const body = (
  it,
  draw,
  more,
) => html`<section aria-labelledby="mytests"><h2 id="mytests">${t('liked.tests')}</h2>
  ${
    it.value.tests.items.length
      ? html`<ul class="mytests">${it.value.tests.items.map(
          (
            x,
          ) => html`<li><a href=${at(`/r/${x.token}`)}>${chip(x.mbti, x.enneagram)}<span>${date(x.created)}</span></a>
    <button type="button" class="text-button" aria-label=${t('liked.delete.label', { mbti: x.mbti, date: date(x.created) })} @click=${() => remove(it, x, draw)}>${t('liked.delete')}</button></li>`,
        )}</ul>${more.tests()}`
      : html`<p class="muted">${t('liked.notests')}</p><p><a class="button" href=${at('/test')}>${t('home.begin')}</a></p>`
  }</section>
  <section aria-labelledby="hearts"><h2 id="hearts">${t('liked.hearts')}</h2>
  ${it.value.likes.items.length ? html`<div class="faces">${it.value.likes.items.map((c, i) => faceCard(c, place('liked', i)))}</div>${more.likes()}` : empty(t('liked.none'), t('liked.none.text'), html`<a class="button quiet" href=${at('/')}>${t('action.home')}</a>`)}</section>
  ${leftOut(it, draw, more.marks)}`;

export function open(params, draw) {
  const it = resource(async () => {
    const [tests, likes, marks] = await Promise.all([
      fetchNow('me/tests'),
      fetchNow('me/likes'),
      fetchNow('me/marks'),
    ]);
    return { tests, likes, marks };
  }, draw);
  const part = (key) =>
    pager(
      `me/${key}`,
      () => it.value?.[key],
      (list) => {
        it.value = { ...it.value, [key]: list };
      },
      draw,
    );
  const more = { tests: part('tests'), likes: part('likes'), marks: part('marks') };
  it.run();
  return {
    title: () => t('title.liked'),
    ready: () => it.done,
    view: () =>
      it.error
        ? failure(it.error, it.run)
        : html`<div class="wrap pad page"><h1 tabindex="-1" data-focus>${t('liked.title')}</h1><p class="lead">${t('liked.lead')}</p>${it.value ? body(it, draw, more) : skeleton(4)}</div>`,
  };
}
