import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

interface Taker {
  readonly from: (text: string) => { toString(): string }
}

interface TemporalParts {
  readonly PlainDate: Taker
  readonly PlainTime: Taker
  readonly Duration: Taker
  readonly ZonedDateTime: { from(text: string): { readonly epochMilliseconds: number; toString(): string } }
  readonly PlainDateTime: {
    from(text: string): {
      toString(): string
      toZonedDateTime(zone: string): { readonly epochMilliseconds: number; toString(): string }
    }
  }
}

/** Node's own Temporal, which its newer versions show without being asked. */
export function nodesTemporal(): TemporalParts {
  setFlagsFromString('--harmony-temporal')
  return runInNewContext('Temporal') as TemporalParts
}
