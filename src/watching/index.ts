export { feedOf } from './feed.ts'
export {
  countFindings,
  deleteSubscription,
  lastLook,
  listFindings,
  listSubscriptions,
  type WatchFinding,
} from './store.ts'
export { subscribe, tellSubscribers, type Digest } from './tell.ts'
export { watchOnce, type WatchRun } from './watch.ts'
export { VISIBLE_ACTIONS, lookAgain, lookAtPlaces, readPlaces, type VisiblePlace } from './visibility.ts'
