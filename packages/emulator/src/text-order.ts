/**
 * A key by which texts compare as people expect: case does not count, and letters with marks stand beside those without.
 * Two texts have the same key when they differ in case at most.
 */
export function textOrderKey(text: string): string {
  const lower = text.toLowerCase()
  // eslint-disable-next-line no-control-regex -- the range is ASCII, whole
  if (/^[\x00-\x7f]*$/.test(lower)) return lower
  return `${lower.normalize('NFD').replace(/\p{M}/gu, '')}\u0001${lower}`
}
