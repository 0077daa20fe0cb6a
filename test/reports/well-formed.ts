// Is a text well-formed XML, as far as our reports use it? Every tag is closed in turn, attributes
// are quoted, and whatever stands between is escaped. The parser of the tests forgives too much.

const TAG = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g;
const STRAY = /[<>]|&(?!(amp|lt|gt|quot|apos|#\d+);)/;

export function isWellFormed(xml: string): boolean {
  const [declaration = '', body = ''] = xml.split(/(?<=\?>)\n/, 2);
  if (declaration !== '<?xml version="1.0" encoding="UTF-8"?>') return false;
  const open: string[] = [];
  for (const [, closing, name = '', , empty] of body.matchAll(TAG)) {
    if (closing === '/') {
      if (open.pop() !== name) return false;
    } else if (empty !== '/') open.push(name);
  }
  const attributes = [...body.matchAll(TAG)].map(([, , , text = '']) => text).join('');
  const between = body.replace(TAG, '');
  return open.length === 0 && !STRAY.test(between) && !STRAY.test(attributes);
}
