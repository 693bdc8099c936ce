// Handlers of every form, and some that cannot be one.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace Example
{
    /// <summary>It shouts.</summary>
    public class Shouting : ILambdaSerializer
    {
        public T Deserialize<T>(Stream stream) { return (T)(object)new StreamReader(stream).ReadToEnd().ToUpperInvariant(); }

        public void Serialize<T>(T value, Stream stream)
        {
            // Closes the stream, as writers do.
            using (var writer = new StreamWriter(stream)) writer.Write(value + "!");
        }
    }

    public class Order
    {
        public string name { get; set; }
        public int[] amounts { get; set; }
    }

    public class Base
    {
        protected string Inherited(Order order) { return "inherited " + order.name; }
    }

    public class Forms : Base
    {
        private static int made;
        public Forms() { made++; }

        public Order Plain(Order order) { return new Order { name = order.name + " ž", amounts = new[] { order.amounts.Length, made } }; }
        public object Same(object value) { return value; }
        public static string Static(Order order) { return "static " + order.name; }
        private string Hidden() { return "hidden"; }
        public string ContextOnly(ILambdaContext context) { return context.FunctionName; }
        public string Both(Order order, ILambdaContext context) { return order.name + " " + context.FunctionName; }
        public void Nothing(Order order) { Console.WriteLine("nothing of " + order.name); }
        public async Task Later(Order order) { await Task.Delay(1); Console.WriteLine("later " + order.name); }
        public async Task<string> LaterText(Order order) { await Task.Delay(1); return "later " + order.name; }
        public Stream Streams(Stream input) { return new MemoryStream(Encoding.UTF8.GetBytes("<" + new StreamReader(input).ReadToEnd() + ">")); }
        public async Task<MemoryStream> LaterStream(Stream input) { await Task.Delay(1); return (MemoryStream)Streams(input); }
        [LambdaSerializer(typeof(Shouting))]
        public string Shout(string text) { return text; }
        public string Overloaded(Order order) { return "order"; }
        public string Overloaded(string text) { return "text " + text; }
        public Dictionary<string, object> Null(Order order) { return null; }

        public async void AsyncVoid(Order order) { await Task.Delay(1); }
        public T Generic<T>(T value) { return value; }
        public string Many(params Order[] orders) { return ""; }
        public string Three(Order order, string text, ILambdaContext context) { return ""; }
    }

    public abstract class Abstract { public string Run(Order order) { return ""; } }
    public class Open<T> { public string Run(Order order) { return ""; } }
    public class NeedsMore
    {
        public NeedsMore(string name) { }
        public string Run(Order order) { return ""; }
    }
    public class FailsToBeMade
    {
        public FailsToBeMade() { throw new InvalidOperationException("no database"); }
        public string Run(Order order) { return ""; }
    }
    public static class FailsToBegin
    {
        static readonly string value = Fail();
        static string Fail() { throw new InvalidOperationException("no settings"); }
        public static string Run(Order order) { return value; }
    }
    public class Wrong { [LambdaSerializer(typeof(string))] public string Run(Order order) { return ""; } }
}
