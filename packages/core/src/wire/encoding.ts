/**
 * One path segment: everything that is not unreserved is encoded, `/` and the blank too. A segment of one or two dots is
 * encoded as well, or servers on the way would take it for a step up.
 *
 * @throws TypeError where the text is empty or holds half of a surrogate pair, which has no UTF-8 form.
 */
export function encodeSegment(text: string, name: string): string {
  if (text === '') throw new TypeError(`${name}: must not be empty`)
  if (/^\.{1,2}$/.test(text)) return text.replaceAll('.', '%2E')
  return encode(text, name)
}

/** `?a=b&c=d`, or nothing. */
export function encodeQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.length === 0
    ? ''
    : `?${pairs.map(([name, value]) => `${encode(name, name)}=${encode(value, name)}`).join('&')}`
}

function encode(text: string, name: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  if (!text.isWellFormed()) throw new TypeError(`${name}: holds half of a surrogate pair, which can't be sent`)
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
