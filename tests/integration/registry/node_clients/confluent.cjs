// What @confluentinc/schemaregistry does with a registry, from an empty one on. Usage: node confluent.cjs URL
const assert = require('node:assert')
const {
  SchemaRegistryClient, SerdeType, AvroSerializer, AvroDeserializer, JsonSerializer, JsonDeserializer,
} = require('@confluentinc/schemaregistry')

const USER = {
  type: 'record', name: 'User', namespace: 'shop', fields: [{ name: 'name', type: 'string' }],
}
const USER_2 = { ...USER, fields: [...USER.fields, { name: 'age', type: 'int', default: 0 }] }
const BROKEN = { ...USER, fields: [{ name: 'name', type: 'int' }] }
const PERSON = { type: 'object', title: 'Person', properties: { name: { type: 'string' } }, required: ['name'] }
const avro = schema => ({ schemaType: 'AVRO', schema: JSON.stringify(schema) })

async function main(url) {
  const open = () => new SchemaRegistryClient({ baseURLs: [url] })
  const client = open()

  assert.strictEqual(await client.register('users-value', avro(USER)), 1)
  assert.strictEqual(await open().register('users-value', avro(USER)), 1)
  assert.strictEqual(await client.register('users-value', avro(USER_2)), 2)
  await assert.rejects(open().register('users-value', avro(BROKEN)), error => error.status === 409)
  assert.strictEqual(await client.testCompatibility('users-value', 1, avro(USER_2)), true)
  assert.strictEqual(await client.testSubjectCompatibility('users-value', avro(BROKEN)), false)

  assert.deepStrictEqual(JSON.parse((await open().getBySubjectAndId('users-value', 2)).schema), USER_2)
  const found = await open().getIdFullResponse('users-value', avro(USER))
  assert.strictEqual(found.version, 1)
  assert.strictEqual(await open().getId('users-value', avro(USER_2)), 2)
  assert.strictEqual(await open().getVersion('users-value', avro(USER_2)), 2)
  assert.deepStrictEqual(JSON.parse((await open().getByGuid(found.guid)).schema), USER)
  assert.deepStrictEqual(await client.getAllVersions('users-value'), [1, 2])
  assert.strictEqual((await open().getLatestSchemaMetadata('users-value')).version, 2)
  assert.strictEqual((await open().getSchemaMetadata('users-value', 1)).id, 1)
  assert.deepStrictEqual(await client.getAllSubjects(), ['users-value'])

  const config = await client.updateConfig('users-value', { compatibilityLevel: 'FULL' })
  assert.strictEqual(config.compatibilityLevel || config.compatibility, 'FULL')
  assert.strictEqual((await client.getConfig('users-value')).compatibilityLevel, 'FULL')
  await client.updateDefaultConfig({ compatibilityLevel: 'BACKWARD_TRANSITIVE' })
  assert.strictEqual((await client.getDefaultConfig()).compatibilityLevel, 'BACKWARD_TRANSITIVE')

  const owned = { ...avro(USER_2), metadata: { properties: { owner: 'me' } } }
  await client.register('users-value', owned)
  assert.strictEqual((await open().getLatestWithMetadata('users-value', { owner: 'me' })).version, 3)

  const serializer = new AvroSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true })
  const bytes = await serializer.serialize('users', { name: 'Anna', age: 3 })
  const reader = new AvroDeserializer(open(), SerdeType.VALUE, {})
  assert.deepStrictEqual({ ...(await reader.deserialize('users', bytes)) }, { name: 'Anna', age: 3 })

  await client.register('people-value', { schemaType: 'JSON', schema: JSON.stringify(PERSON) })
  const json = new JsonSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true, validate: true })
  const person = await json.serialize('people', { name: 'Anna' })
  assert.deepStrictEqual(await new JsonDeserializer(open(), SerdeType.VALUE, {}).deserialize('people', person), { name: 'Anna' })

  assert.strictEqual(await client.deleteSubjectVersion('users-value', 1), 1)
  assert.deepStrictEqual(await open().getAllVersions('users-value'), [2, 3])
  assert.deepStrictEqual(await client.deleteSubject('people-value'), [1])
  assert.deepStrictEqual(await client.deleteSubject('people-value', true), [1])
  await assert.rejects(open().getLatestSchemaMetadata('people-value'), error => error.status === 404 && error.errorCode === 40401)
  console.log('ok')
}

main(process.argv[2]).catch(error => {
  console.error(error)
  process.exit(1)
})
