// Where Node keeps the compiled modules, of this process and the workers: a second start then costs half the processor
// time. Not in the system's temporary folder, where others might put code.

import { join } from 'node:path'

export const COMPILE_CACHE: string = join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled')
