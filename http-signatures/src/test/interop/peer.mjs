// SPDX-License-Identifier: Apache-2.0
// Signs and verifies messages with the package http-message-signatures. Usage: node peer.mjs <folder of node_modules>
// Standard input is a JSON array of tasks, standard output an array of answers in the same order.

import { createHash, createPrivateKey, createPublicKey, constants, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.argv[2], 'package.json'));
const { createSigner, createVerifier, httpbis } = require('http-message-signatures');

const HANDLERS = { sign: signMessage, verify: verifyMessage, version: () => process.versions.node };

const tasks = JSON.parse(readFileSync(0, 'utf8'));
const answers = [];
for (const task of tasks) {
  try {
    answers.push({ result: await HANDLERS[task.op](task) });
  } catch (e) {
    answers.push({ error: `${e.name}: ${e.message}` });
  }
}
process.stdout.write(JSON.stringify(answers));

async function signMessage({ alg, key, keyid, message, request, fields, params, values, label, ownSalt }) {
  const signer = createSigner(privateKey(alg, key), alg, keyid);
  if (alg === 'rsa-pss-sha512' && !ownSalt) {
    // The package takes the longest salt that fits; RFC 9421, 3.3.1 wants 64 bytes.
    signer.sign = async (data) =>
      sign('sha512', data, {
        key: createPrivateKey(key),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 64,
      });
  }
  const digested = { ...message, headers: { ...message.headers, ...contentDigest(message) } };
  const paramValues = { ...values };
  for (const name of ['created', 'expires']) {
    if (name in paramValues) {
      paramValues[name] = new Date(paramValues[name] * 1000);
    }
  }
  const config = { key: signer, name: label, fields, params, paramValues };
  return (await httpbis.signMessage(config, digested, request)).headers;
}

async function verifyMessage({ alg, key, keyid, message, request, fields }) {
  const verify = createVerifier(publicKey(alg, key), alg);
  const config = {
    keyLookup: async (params) => (params.keyid === keyid ? { id: keyid, algs: [alg], verify } : null),
    requiredParams: ['created', 'keyid'],
    tolerance: 5,
    all: true,
  };
  const verified = await httpbis.verifyMessage(config, message, request);
  // The package leaves the digest to its caller (RFC 9530).
  const expected = contentDigest(message)['content-digest'];
  const covered = fields.some((field) => field.startsWith('"content-digest"') && !field.includes(';req'));
  return verified && (!covered || String(message.headers['content-digest']) === expected);
}

function contentDigest({ body }) {
  if (body === undefined || body === null) {
    return {};
  }
  const digest = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64');
  return { 'content-digest': `sha-256=:${digest}:` };
}

function privateKey(alg, key) {
  return alg === 'hmac-sha256' ? Buffer.from(key, 'base64') : createPrivateKey(key);
}

function publicKey(alg, key) {
  return alg === 'hmac-sha256' ? Buffer.from(key, 'base64') : createPublicKey(key);
}
