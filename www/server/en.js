// English of the same.
export default {
  'head.movie': 'Meet the characters of this film and their personality types.',
  'head.result': 'The film character most like me is {name}. Who is most like you?',
  'head.login': 'Signing in did not work',
  'head.login.text': 'Please try again.',
  'head.circle': 'Shall we compare?',
  'head.circle.text':
    'What would the two of us be in a film? See how our types fit, and what to watch together.',
  'head.picture.character': 'Portrait of {name}: {film}, {mbti} {enneagram}',
  'head.picture.movie': 'Poster and characters of “{film}”',
  'head.picture.type': 'Emblem and characters of the type {mbti}',
  'head.picture.circle': 'The film characters most like those who compare',
  'head.picture.result': '{type}, most like {name}',
  'core.1':
    'A One always hears a voice that asks what is right. Nothing is done halfway, and nobody is judged more strictly than oneself.',
  'core.2':
    'A Two notices first what the people nearby need. The wish to be loved is as great as the giving is generous.',
  'core.3':
    'A Three comes alive when there is a goal in sight, and wants to show what they are worth by doing well.',
  'core.4':
    'A Four looks for a road of their own rather than everybody’s. Feelings run deep, and something is always missed.',
  'core.5':
    'A Five steps back and wants to understand first. Knowing feels safe, and time alone is guarded.',
  'core.6':
    'A Six looks ahead to what may go wrong, holds trust and promises dear, and stays to the end.',
  'core.7':
    'A Seven believes that something better lies ahead, and sets out for new joys rather than sit through dull hours.',
  'core.8':
    'An Eight will not be ruled by anybody, clears the way by strength, and stands in front of those who need protection.',
  'core.9':
    'A Nine wishes for everybody to be at ease, softens quarrels, and can feel with both sides at once.',
  'plain.missing': 'Something has not been answered yet. What you chose is still here.',
  'plain.early': 'Please wait a moment and press once more. What you chose is still here.',
  'plain.again':
    'This page was opened a while ago. Please press once more. What you chose is still here.',
  'plain.limited':
    'Too many results are being made right now. Please press once more in a while. What you chose is still here.',
  'plain.away':
    'The result cannot be saved right now. Please press once more in a moment. What you chose is still here.',
  'plain.foreign': 'Answers that another site sends are not taken. Please begin again here.',
  'plain.many': 'You can choose up to {most} films. Please take {n} away. What you chose is still here.',
  'plain.young':
    'You told us that you are under 14, so this result is not saved. Your answers are only in the address of this page: on a shared device, clear the browser’s history and they are gone. For now, look around as much as you like.',
  'circle.again': 'This page was opened too long ago, so nothing has changed.',
  'circle.foreign': 'What another site sends is not taken. Nothing has changed.',
  'circle.invalid': 'Something that was sent is not valid, so nothing has changed.',
  'circle.limited': 'That was too often in a short time. Please try again in a while.',
  'circle.away': 'This cannot be saved right now. Please try again in a moment.',
  'circle.young': 'You said that you are under 14. Of who is under 14 nothing is saved.',
  'circle.theirs': 'Only the person whose result this is can begin a comparison with it.',
};
