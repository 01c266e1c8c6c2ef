export { createWeb } from './app.ts'
export { words } from './text.ts'
