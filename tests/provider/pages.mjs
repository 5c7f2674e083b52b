// The one page of the stand-in: whom to be. Korean if the browser or the request asks for it first, else English.
const PEOPLE = ['minseo', 'jiho', 'alex', 'robin'];
const WORDS = {
  ko: {
    title: '연습용 로그인',
    what: (name) =>
      `진짜 ${name} 로그인이 아니라, 이 컴퓨터에서만 쓰는 연습용 화면이에요. 비밀번호는 없어요.`,
    who: '누구로 들어갈까요?',
    other: '다른 이름',
    go: '계속하기',
    cancel: '취소',
    wrong: '요청이 올바르지 않아요',
  },
  en: {
    title: 'Practice login',
    what: (name) =>
      `This is not ${name}'s real login: it stands in for it on this computer alone. There is no password.`,
    who: 'Who would you like to be?',
    other: 'Another name',
    go: 'Continue',
    cancel: 'Cancel',
    wrong: 'The request is not right',
  },
};
const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:2rem 1.25rem;color:#222;background:#f6f6f8}
main{max-width:24rem;margin:auto}h1{font-size:1.5rem}fieldset{border:0;padding:0;margin:1rem 0}
label{display:block;padding:.5rem 0}input[type=text]{font:inherit;padding:.6rem;width:100%;box-sizing:border-box}
button{font:inherit;padding:.7rem 1.2rem;margin-right:.5rem;min-height:44px}pre{white-space:pre-wrap}`;

const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const shell = (lang, title, body) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<link rel="icon" href="data:,"><title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>
${body}</main></body></html>`;

/** Of the languages asked for, the first that we have. */
const language = (asked) => /\b(ko|en)\b/i.exec(asked)?.[1].toLowerCase() ?? 'ko';

/** @param asked ui_locales and Accept-Language of the request */
export function page(provider, asked) {
  const lang = language(asked);
  const w = WORDS[lang];
  const choices = PEOPLE.map(
    (name, i) =>
      `<label><input type="radio" name="picked" value="${name}"${i ? '' : ' checked'}> ${name}</label>`,
  );
  return shell(
    lang,
    `${w.title}: ${escaped(provider)}`,
    `<p>${escaped(w.what(provider))}</p>
<form method="post"><fieldset><legend>${w.who}</legend>${choices.join('')}
<label>${w.other} <input type="text" name="name" maxlength="64" autocomplete="off"></label></fieldset>
<button name="continue" value="1">${w.go}</button><button name="cancel" value="1">${w.cancel}</button></form>`,
  );
}

/** What oidc-provider shows instead of going back to the site. */
export const problem = (out) =>
  shell(
    'en',
    `${WORDS.ko.wrong} · ${WORDS.en.wrong}`,
    `<pre>${Object.entries(out)
      .map(([key, value]) => `${escaped(key)}: ${escaped(value)}`)
      .join('\n')}</pre>`,
  );
