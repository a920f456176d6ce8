// Drives customerio-node: the Track API of Customer.io, over TLS.

import { TrackClient } from 'customerio-node'
import { task, tell } from './calls.mjs'

// The client does not read a port out of the URL.
const client = new TrackClient('any site', task.key, {
  url: `https://${task.host}/api/v1`,
  port: task.port,
})

await tell((method, parameters) => client[method](...parameters))
