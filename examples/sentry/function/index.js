// The SDK comes from the layer (/opt/nodejs/node_modules), and sends to the extension beside the function: that one
// passes on what it got after the function has answered, so that no caller waits for a backend.
const Sentry = require('@sentry/aws-serverless');

Sentry.init({ dsn: process.env.SENTRY_DSN, tunnel: 'http://localhost:9000/envelope' });

/**
 * Books `event.orders`, `[{id, quantity}]`. One that cannot be booked is reported and skipped.
 * Returns the ids of both kinds, `{booked, refused}`.
 */
exports.handler = Sentry.wrapHandler(async (event) => {
  const booked = [];
  const refused = [];
  for (const order of event.orders) {
    try {
      book(order);
      booked.push(order.id);
    } catch (error) {
      refused.push(order.id);
      Sentry.captureException(error, { tags: { orderId: order.id } });
    }
  }
  console.log(`booked ${booked.length} orders, refused ${refused.length}`);
  return { booked, refused };
});

function book(order) {
  if (!(order.quantity > 0)) throw new RangeError(`order ${order.id} has quantity ${order.quantity}`);
}
