// All words: those of the site, and here those of the long page about it, of signing in, one's own page and votes, which few visits need.
import site from './en.site.js';

export default {
  ...site,
  'about.title': 'About MVTI',
  'about.what.title': 'What this is',
  'about.what.1':
    'MVTI is MoVie plus MBTI. When there is so much to watch that nothing seems worth watching, a character who is like you makes a good guide.',
  'about.what.2':
    'Tell us your personality and the films you love, and we look through the films you are likely to love for characters of your own type and of the type that suits you, and say why.',
  'about.match.title': 'How the match is computed',
  'about.match.1': 'The match is a weighted sum of three parts.',
  'about.match.2':
    'Film taste is how strongly your chosen films lead to that film. The shares that you see say how much each of your films contributes. They are exact for all models that add up your films; the one that does not counts for half at most and has no part in them.',
  'about.match.3':
    'If there are not enough characters of a type, neighbouring types one or two letters away are added, with a lower score, and marked as such. Among characters like you the similarity of the Enneagram types counts, among good matches the compatibility of the two types. Character and film pages show the same number; where your films are not known, film taste counts as one half.',
  'about.formula.film': 'Film taste',
  'about.formula.enneagram': 'Enneagram similarity, or compatibility of the two types',
  'about.formula.sure': 'Confidence in the character’s type',
  'about.art.title': 'The pictures',
  'about.art.1':
    'Posters and portraits are drawn by this site from titles, genres and types. They are unrelated to the real posters or the actors’ faces.',
  'about.simulated.title': 'What is simulated',
  'about.simulated.1':
    'The audience of the bundled catalog does not consist of real people; it is generated from a published model of taste with a fixed seed. Where a result says so, its film preferences come from that audience.',
  'about.simulated.2':
    'The types of characters without votes were chosen by our editors, and their pages say so.',
  'about.privacy.title': 'Data and privacy',
  'about.privacy.1':
    'You need no name, no e-mail address and no account. When you finish a test, your type, the films you chose and the characters shown are stored. To find out what works better we sometimes show people slightly different things, and then store which of them you were shown.',
  'about.privacy.2':
    'One cookie recognises this browser. It expires 180 days after your last visit, or after 14 days when you are signed in. While you sign in there is a second one, for ten minutes.',
  'about.privacy.3':
    'Your language, the answers of the test in progress, your newest type, the shared result that you opened in this tab, results, likes and records that could not be sent yet, and whether you agreed to recording are kept in this browser’s own storage. They disappear when you clear this site’s data in your browser; the type and the likes also when you sign out.',
  'about.privacy.4':
    'If you agree, we record on our own server only, to improve the matches: which pages and characters were seen and opened, how long a question took, and where you first came from (name of the site before, campaign marks of the address, kind of device, language). There are no scripts or advertisements from other companies.',
  'about.privacy.5':
    'The address of a result is too long to guess and holds no name. You can delete it from your shelf at any time.',
  'about.privacy.6':
    'If you sign in with another service, we store your ID there and your nickname. We neither request nor store your e-mail address. Votes on a type are shown as numbers only, and where many accounts agree the character’s type follows.',
  'about.privacy.7':
    'The recommendations learn from the films you choose and the characters you like. “Not like me” and “Seen it” are stored whether or not you agreed to recording, and kept out of your next results; “Not like me” also counts in the rankings of characters. You can undo them on your shelf, and they are deleted with your data.',
  'about.privacy.8':
    'On your own page you can download everything as a file or delete it at once. The films you chose and your likes then remain anonymously, because the recommendations have learned from them.',
  'about.privacy.9':
    'If you do not sign in, the same happens automatically 180 days after your last visit. Which characters were seen and opened is deleted after 400 days; only daily totals remain. What belongs to an account is kept until you delete it.',
  'about.privacy.10':
    'So that nobody can pretend to be many and change the recommendations, each test carries a number of two bytes made from the day and the block of internet addresses it came from. Some 65,000 blocks share each number and it changes every day, so it tells neither where you were nor who you are. It stays with the films that remain anonymously when you delete your data.',
  'consent.now.yes': 'You agreed to recording. You can change that at any time.',
  'consent.now.no': 'Nothing is recorded. You can change that at any time.',
  'consent.now.ask': 'You have not decided yet. Until then nothing is recorded.',
  'consent.browser':
    'Your browser asks not to be tracked (Do Not Track or Global Privacy Control), so nothing is recorded.',
  'about.mark.title': 'About the trademark',
  'about.mark.1':
    'MVTI is not affiliated with, endorsed by or connected to the owners of the MBTI trademark. MBTI and Myers-Briggs Type Indicator are trademarks of their owners.',
  'about.mark.2':
    'This is not the official instrument. All statements and descriptions were written for MVTI; please do not judge people by them.',

  'title.login': 'Sign in · MVTI',
  'title.me': 'My page · MVTI',
  'login.title': 'Sign in',
  'login.lead': 'You can take the test without signing in. Signing in keeps what you find.',
  'login.why.1': 'Your results and the characters you like are kept.',
  'login.why.2': 'They are available on your phone and your computer.',
  'login.why.3': 'The films you choose make tomorrow’s recommendations better.',
  'login.with': 'Continue with {name}',
  'login.kept': 'We do not ask for your e-mail address. We store your ID at that service and a nickname.',
  'login.none': 'This site has no sign-in service connected yet. The test works without one.',
  'login.already': 'You are signed in.',
  'login.again': 'Sign in again',
  'login.inapp':
    'Google does not allow signing in inside this app. Please open this page in another browser.',
  'login.inapp.menu':
    'If it does not open, choose “open in browser” in the app’s menu, or copy the link and paste it into Chrome.',
  'login.inapp.ios':
    'Choose “open in Safari” in the app’s menu or share button, or copy the link and paste it into Safari.',
  'login.inapp.open': 'Open in browser',
  'login.denied.title': 'You cancelled the sign-in',
  'login.denied.text': 'Signing in needs your consent. Try again whenever you like.',
  'login.expired.title': 'This sign-in has expired',
  'login.expired.text': 'It was started too long ago or has already been used. Please sign in again.',
  'login.elsewhere.title': 'This sign-in was started in another browser',
  'login.elsewhere.text':
    'It can only be finished there. Go back to that browser or app, or sign in again here.',
  'login.provider.title': 'The service’s answer cannot be trusted',
  'login.provider.text': 'To be safe we did not sign you in. Try again, or use another service.',
  'login.unavailable.title': 'The sign-in service does not answer',
  'login.unavailable.text': 'Try again in a moment, or use another service. The test works meanwhile.',
  'login.taken.title': 'This sign-in belongs to another account',
  'login.taken.text':
    'It is connected to another MVTI account. Sign in to that one, or connect something else.',
  'login.stale.title': 'Please sign in again',
  'login.stale.text': 'Connecting a service requires a sign-in within the last ten minutes.',
  'login.limited.title': 'Too many attempts',
  'login.limited.text': 'Please sign in again in a minute.',
  'login.request.title': 'Invalid sign-in address',
  'login.request.text': 'Please start again from the sign-in page.',
  'login.busy.title': 'Signing in does not work right now',
  'login.busy.text': 'Please try again in a moment. The test works meanwhile.',
  'me.title': 'My page',
  'me.hello': 'Hello, {name}',
  'me.guest': 'You are not signed in',
  'me.guest.text': 'Sign in to keep your results in an account and see them on your other devices.',
  'me.newest': 'Your type',
  'me.notype': 'No type yet',
  'me.history': 'Test history',
  'me.more': 'See all',
  'me.ways': 'How you sign in',
  'me.since': 'since {date}',
  'me.link': 'Connect {name}',
  'me.leave': 'Sign out',
  'me.leave.all': 'Sign out everywhere',
  'me.left': 'You are signed out.',
  'me.notleft': 'Signing out failed. Please try again.',
  'me.films': 'Films you chose',
  'me.votes': 'Your votes',
  'me.votes.none': 'You have not voted on any character yet. Every character’s page has a place for it.',
  'me.last': 'This is your only way to sign in. Connect another one before you remove it.',
  'me.unlink': 'Disconnect',
  'me.unlink.label': 'Disconnect {name}',
  'me.unlinked': 'It is disconnected.',
  'me.again.title': 'Sign in again',
  'me.again': 'Sign in with {name}',
  'me.stale':
    'For your safety, please sign in again first: this requires a sign-in within the last ten minutes.',
  'me.failed': 'That did not work. Please try again in a moment.',
  'me.sessions': 'Where you are signed in',
  'me.session.unknown': 'A browser',
  'me.session.current': 'this browser',
  'me.session.seen': 'last used {date}',
  'me.session.end.label': 'Sign out {client}',
  'me.session.ended': 'That browser is signed out.',
  'me.data': 'Your data',
  'me.export': 'Download everything (JSON)',
  'me.delete.account': 'Delete my account',
  'me.delete.guest': 'Delete my data',
  'me.delete.title': 'Delete everything?',
  'me.delete.text':
    'Your results, votes and sign-in methods are deleted immediately and cannot be restored. Films and likes remain, without any link to you.',
  'me.delete.yes': 'Yes, delete it',
  'me.delete.no': 'Keep it',
  'me.deleted': 'Everything is deleted.',
  'vote.title': 'Which type do you see?',
  'vote.none': 'No visitor has voted yet.',
  'vote.all.one': '{n} vote',
  'vote.all.many': '{n} votes',
  'vote.count.one': '{n} vote',
  'vote.count.many': '{n} votes',
  'vote.provisional': 'Provisional',
  'vote.contested': 'Contested',
  'vote.agreed': 'Agreed',
  'vote.agreement': 'at least {n}% agree',
  'vote.bars': 'Votes by type',
  'vote.bars.enneagram': 'Votes by Enneagram type',
  'vote.invite': 'Sign in to vote on this character’s type.',
  'vote.pick': 'Your vote',
  'vote.enneagram': 'Enneagram (optional)',
  'vote.enneagram.none': 'Not sure',
  'vote.send': 'Vote',
  'vote.change': 'Change my vote',
  'vote.back': 'Withdraw my vote',
  'vote.kept': 'Your vote is counted.',
  'vote.gone': 'Your vote was withdrawn.',
  'vote.failed': 'Your vote was not counted. Please try again.',
};
