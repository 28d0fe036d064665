// What @kafkajs/confluent-schema-registry does with a registry, from an empty one on. Usage: node kafkajs.cjs URL
const assert = require('node:assert')
const { SchemaRegistry, SchemaType, COMPATIBILITY } = require('@kafkajs/confluent-schema-registry')

const USER = {
  type: 'record',
  name: 'User',
  namespace: 'shop',
  fields: [{ name: 'name', type: 'string' }],
}
const USER_2 = { ...USER, fields: [...USER.fields, { name: 'age', type: 'int', default: 0 }] }
const BROKEN = { ...USER, fields: [{ name: 'name', type: 'int' }] }
const PERSON = { type: 'object', title: 'Person', properties: { name: { type: 'string' } }, required: ['name'] }
const PROTO = 'syntax = "proto3"; package shop; message Item { string sku = 1; int32 count = 2; }'
const ADDRESS = { type: 'record', name: 'Address', namespace: 'shop', fields: [{ name: 'city', type: 'string' }] }

async function main(host) {
  const registry = new SchemaRegistry({ host })

  const avro = { type: SchemaType.AVRO, schema: JSON.stringify(USER) }
  const { id } = await registry.register(avro, { subject: 'users-value' })
  assert.strictEqual(id, 1)
  assert.strictEqual((await registry.register(avro, { subject: 'users-value' })).id, id)
  const encoded = await registry.encode(id, { name: 'Anna' })
  assert.deepStrictEqual({ ...(await registry.decode(encoded)) }, { name: 'Anna' })
  assert.strictEqual(await registry.getRegistryId('users-value', 1), 1)
  assert.strictEqual(await registry.getRegistryIdBySchema('users-value', avro), 1)

  const second = await registry.register(
    { type: SchemaType.AVRO, schema: JSON.stringify(USER_2) },
    { subject: 'users-value', compatibility: COMPATIBILITY.BACKWARD },
  )
  assert.strictEqual(second.id, 2)
  assert.strictEqual(await registry.getLatestSchemaId('users-value'), 2)
  await assert.rejects(
    registry.register({ type: SchemaType.AVRO, schema: JSON.stringify(BROKEN) }, { subject: 'users-value' }),
    /incompatible/i,
  )

  const fresh = new SchemaRegistry({ host })
  assert.deepStrictEqual({ ...(await fresh.decode(encoded)) }, { name: 'Anna' })

  const json = await registry.register(
    { type: SchemaType.JSON, schema: JSON.stringify(PERSON) }, { subject: 'people-value' })
  const person = await registry.encode(json.id, { name: 'Anna' })
  assert.deepStrictEqual(await new SchemaRegistry({ host }).decode(person), { name: 'Anna' })

  const proto = await registry.register({ type: SchemaType.PROTOBUF, schema: PROTO }, { subject: 'items-value' })
  const item = await registry.encode(proto.id, { sku: 'a-1', count: 2 })
  const decoded = await new SchemaRegistry({ host }).decode(item)
  assert.strictEqual(decoded.sku, 'a-1')

  await registry.register({ type: SchemaType.AVRO, schema: JSON.stringify(ADDRESS) }, { subject: 'address' })
  const customer = {
    type: 'record', name: 'Customer', namespace: 'shop',
    fields: [{ name: 'home', type: 'shop.Address' }],
  }
  const referring = await registry.register(
    {
      type: SchemaType.AVRO,
      schema: JSON.stringify(customer),
      references: [{ name: 'shop.Address', subject: 'address', version: 1 }],
    },
    { subject: 'customers-value' },
  )
  const message = await registry.encode(referring.id, { home: { city: 'Oslo' } })
  const read = await new SchemaRegistry({ host }).decode(message)
  assert.strictEqual(read.home.city, 'Oslo')

  await assert.rejects(registry.getSchema(999), /not found/i)
  await assert.rejects(registry.getLatestSchemaId('none'), /not found/i)
  console.log('ok')
}

main(process.argv[2]).catch(error => {
  console.error(error)
  process.exit(1)
})
