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
  'head.picture.result': '{mbti} {enneagram}, most like {name}',
};
