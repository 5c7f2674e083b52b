// The picture of a result or of a circle, to save and to send: a sheet of its own, loaded when somebody asks for it.
import { html, render } from '../../vendor/lit-html.js';
import { record } from '../events.js';
import { lang, t } from '../i18n.js';
import { hasKakao, kakao, sendCard } from './kakao.js';
import { copy } from './share.js';
import { toast } from './toast.js';

/** The picture as a file, if this browser can hand it to another app; asked for ahead, because handing over must follow a tap at once. */
async function fileOf(address, name) {
  if (!navigator.canShare) return null;
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const file = new File([await answer.blob()], name, { type: 'image/png' });
  return navigator.canShare({ files: [file] }) ? file : null;
}

/** picture: {path, of: more of its query, name: of the file, alt, heading}; url, title, text, about as for share(). */
export function shareSheet({ picture, url, title, text, about }) {
  const box = document.createElement('dialog');
  const address = (size) => `${picture.path}?${new URLSearchParams({ lang: lang(), size, ...picture.of })}`;
  const { name } = picture;
  const post = `https://x.com/intent/post?${new URLSearchParams({ text, url })}`;
  let file = null;
  let code = null;
  const done = (value) => record('share', { ...about, value });
  const send = async () => {
    try {
      await navigator.share({ files: [file], title, text: `${text} ${url}` });
      done('sheet');
      box.close();
    } catch (error) {
      if (error.name !== 'AbortError') toast(t('share.failed'), 'bad');
    }
  };
  // A browser that has forgotten the tap by the time the SDK is there opens nothing: then a second tap finds it loaded.
  const card = async () => {
    try {
      const sdk = await kakao();
      sendCard(sdk, {
        title,
        text,
        url,
        picture: new URL(address('card'), location.href).href,
        open: t('share.kakao.open'),
      });
      done('kakao');
    } catch {
      toast(t('share.kakao.failed'), 'bad');
    }
  };
  const turn = async () => {
    try {
      code = code ? null : (await import('./qr.js')).qr(url);
      if (code) done('qr');
      draw();
    } catch {
      toast(t('error.offline.title'), 'bad');
    }
  };
  const draw = () =>
    render(
      html`<h2 id="share-sheet-title">${picture.heading}</h2>
        ${code ?? html`<img src=${address('card')} width="1200" height="630" alt=${picture.alt} />`}
        <p class="actions">
          ${file ? html`<button type="button" class="button" @click=${send}>${t('share.send')}</button>` : ''}
          <a class=${`button ${file ? 'quiet' : ''}`} href=${address('story')} download=${name} @click=${() => done('picture')}>${t('share.save')}</a>
          ${hasKakao() ? html`<button type="button" class="button quiet" @click=${card}>${t('share.kakao')}</button>` : ''}
          <a class="button quiet" href=${post} target="_blank" rel="noopener" @click=${() => done('x')}>${t('share.x')}</a>
          <button type="button" class="button quiet" @click=${turn}>${t(code ? 'share.qr.back' : 'share.qr')}</button>
          <button type="button" class="button quiet" @click=${() => copy(url, about)}>${t('share.copy')}</button>
          <button type="button" class="button quiet" @click=${() => box.close()}>${t('share.close')}</button>
        </p>`,
      box,
    );
  box.className = 'share-sheet';
  box.setAttribute('aria-labelledby', 'share-sheet-title');
  box.addEventListener('close', () => box.remove());
  box.addEventListener('click', (event) => event.target === box && box.close());
  document.body.append(box);
  draw();
  box.showModal();
  record('share_start', about);
  fileOf(address('story'), name).then(
    (got) => {
      file = got;
      if (got && box.open) draw();
    },
    () => {}, // then it is saved, or its address sent
  );
}
