// dist/index.d.ts
export { observeFileMaker, type ObservableClient, type ObserveOptions } from './dist/observe-filemaker.ts';

// dist/instruments.d.ts
import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { SessionsReport } from '@fm/core';
export interface Instruments {
    /** Stable in the conventions for databases: a call with all its repeats, in seconds. */
    readonly operationDuration: Histogram;
    /** Stable in the conventions for HTTP: one request, in seconds. */
    readonly requestDuration: Histogram;
    readonly loginDuration: Histogram;
    readonly retries: Counter;
    readonly sessionChanges: Counter;
    readonly cacheFailures: Counter;
}
export declare function createInstruments(meter: Meter): Instruments;
/** A client, as far as its sessions can be counted. */
export interface ObservableClient {
    readonly sessions: {
        inspect(): Promise<SessionsReport>;
    };
}
/** Counts the sessions of each client when metrics are collected. Returns what ends that. */
export declare function observeSessions(meter: Meter, clients: Readonly<Record<string, ObservableClient>>): () => void;

// dist/observe-filemaker.d.ts
import { type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { type ObservableClient } from './dist/instruments.ts';
export type { ObservableClient } from './dist/instruments.ts';
export interface ObserveOptions {
    /** @defaultValue the one registered with OpenTelemetry */
    readonly tracerProvider?: TracerProvider | undefined;
    /** @defaultValue the one registered with OpenTelemetry: register it first */
    readonly meterProvider?: MeterProvider | undefined;
    /**
     * Whether each HTTP request of a call is a span of its own, and counted in `http.client.request.duration`. `none` where an
     * instrumentation of undici makes the same spans. @defaultValue 'spans'
     */
    readonly requests?: 'spans' | 'none' | undefined;
    /** Clients whose sessions are counted when metrics are collected, each by a name for it. @defaultValue none */
    readonly clients?: Readonly<Record<string, ObservableClient>> | undefined;
}
/**
 * Makes spans and metrics of what the clients of this process do, by OpenTelemetry's conventions for databases and HTTP:
 * a span for each call, below the span that is active where the call is made, and below it its logins and requests.
 * Tokens, accounts, record ids and values of fields are in none of them; names of layouts and scripts are.
 *
 * @returns What ends it, by `stop()` or `using`. Begun twice, everything is told twice.
 * @throws TypeError that names the option that is malformed.
 * @see OpenTelemetry, "Semantic conventions for database client spans" and "Semantic conventions for HTTP spans"
 * @example
 * using _telemetry = observeFileMaker()
 */
export declare function observeFileMaker(options?: ObserveOptions): Disposable & {
    stop(): void;
};
