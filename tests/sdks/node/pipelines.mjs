// Drives @customerio/cdp-analytics-node: the Pipelines API of Customer.io.

import { Analytics } from '@customerio/cdp-analytics-node'
import { task, tell } from './calls.mjs'

const client = new Analytics({ writeKey: task.key, host: task.url })
const errors = []
client.on('error', (error) => errors.push(error))

await tell(
  (method, parameters) => client[method](...parameters),
  async () => {
    await client.closeAndFlush()
    if (errors.length) throw errors[0].reason
  },
)
