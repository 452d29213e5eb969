import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { context, trace, type Context, type Span } from '@opentelemetry/api'

/** How spans are made of what one tracing channel tells. */
export interface SpanRules<Message extends object> {
  readonly channel: string
  readonly start: (message: Message, parent: Context) => Span
  /** The last words about a span: attributes, status. It is ended afterwards. */
  readonly finish: (span: Span, message: Message) => void
}

/** What things happen in: the call around them, else whatever their caller does. */
export interface Surroundings {
  current(): Context
  /** Makes a span of each thing that the channel traces, active while it runs. Returns what ends that. */
  trace<Message extends object>(rules: SpanRules<Message>): () => void
}

interface Entered {
  /** The active context when it began. */
  readonly outside: Context
  readonly inside: Context
}

/**
 * A channel tells its listeners when something begins; it can't run it inside a context for them, which is what OpenTelemetry
 * would want. So the context is kept in a store of our own, which Node ties to the channel, and that suffices for all spans
 * made here. Where OpenTelemetry can be told a context without running anything in it (`attach`, 1.10 and newer), it is, so
 * that spans and logs of others come to stand below ours, too.
 */
export function createSurroundings(): Surroundings {
  const store = new AsyncLocalStorage<Entered>()
  const current = (): Context => {
    const entered = store.getStore()
    const active = context.active()
    // Any other active context is one that was entered later, by somebody else.
    return entered !== undefined && active === entered.outside ? entered.inside : active
  }

  return {
    current,
    trace: <Message extends object>({ channel, start, finish }: SpanRules<Message>) => {
      const tracing = tracingChannel<Entered, Message>(channel)
      const begun = new WeakMap<Message, Entered & { readonly span: Span }>()
      const detach = new WeakMap<Message, () => void>()
      tracing.start.bindStore(store, (message) => {
        const parent = current()
        const span = start(message, parent)
        const entered = { outside: context.active(), inside: trace.setSpan(parent, span), span }
        begun.set(message, entered)
        return entered
      })
      const listeners = {
        start: (message: Message) => {
          const inside = begun.get(message)?.inside
          if (inside === undefined || typeof context.attach !== 'function') return
          const token = context.attach(inside)
          detach.set(message, () => token.dispose())
        },
        // What runs at once is over, and the caller goes on in a context of his own.
        end: (message: Message) => detach.get(message)?.(),
        asyncStart: () => {},
        asyncEnd: (message: Message) => {
          const span = begun.get(message)?.span
          if (span === undefined) return
          finish(span, message)
          span.end()
        },
        error: () => {},
      }
      tracing.subscribe(listeners)
      return () => {
        tracing.unsubscribe(listeners)
        tracing.start.unbindStore(store)
      }
    },
  }
}
