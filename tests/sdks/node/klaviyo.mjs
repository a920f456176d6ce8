// Drives klaviyo-api: a call is named after its Api object, as in `Events.createEvent`.

import { ApiKeySession, EventsApi, MetricsApi, ProfilesApi } from 'klaviyo-api'
import { task, tell } from './calls.mjs'

const session = new ApiKeySession(task.key)
const apis = {
  Events: new EventsApi(session),
  Metrics: new MetricsApi(session),
  Profiles: new ProfilesApi(session),
}
for (const api of Object.values(apis)) api.basePath = task.url

// The SDK takes a Date for the time of an event; JSON has none.
function withDate(parameter) {
  const attributes = parameter?.data?.attributes
  if (attributes?.time) attributes.time = new Date(attributes.time)
  return parameter
}

await tell(async (name, parameters) => {
  const [api, method] = name.split('.')
  return (await apis[api][method](...parameters.map(withDate))).body
})
