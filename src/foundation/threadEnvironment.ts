import { dirname } from 'node:path'
import { getCompileCacheDir } from 'node:module'

/**
 * The environment of a thread that reads what came from outside: nothing of the process's own, but where it keeps
 * compiled code, if it does. Without that the thread compiles its libraries anew each time it starts.
 */
export function threadEnvironment(): NodeJS.ProcessEnv {
  // Node names the folder of its own version within the one that it was given.
  const compiled = getCompileCacheDir()
  return compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) }
}
