export { createWeb } from './app.ts'
export { speak, words } from './text.ts'
