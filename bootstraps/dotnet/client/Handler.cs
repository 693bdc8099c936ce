using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Thaw.LambdaClient
{
    /// <summary>The function's method, with its object where it has one, and what converts events and answers.</summary>
    internal sealed class Handler
    {
        /// <summary>What the method throws arrives as it was thrown.</summary>
        private const BindingFlags AsThrown = BindingFlags.DoNotWrapExceptions;

        private readonly MethodInfo method;
        private readonly object target;
        private readonly Func<byte[], object> readEvent;
        private readonly ContextMaker makeContext;
        private readonly Func<object, ArraySegment<byte>> writeAnswer;

        private Handler(HandlerName name, LogOutput logs)
        {
            var assembly = name.LoadAssembly();
            LambdaCore.Connect(logs);
            method = HandlerMethod.Find(name, assembly, out var type);
            target = MakeTarget(type, method);
            var serializer = Serializer.Of(method, assembly);
            var form = new HandlerForm(method, name);
            if (form.ContextType != null) makeContext = new ContextMaker(form.ContextType, logs, serializer?.Instance);
            if (form.InputType != null) readEvent = Reader(form.InputType, serializer, name);
            if (form.OutputType != null) writeAnswer = Writer(form.OutputType, serializer, name);
        }

        /// <param name="name">Assembly::Namespace.Type::Method</param>
        /// <exception cref="LambdaValidationException">What is named is not there, or cannot be a handler.</exception>
        /// <exception cref="Exception">Whatever the function's own constructors throw.</exception>
        internal static Handler Load(string name, LogOutput logs) => new Handler(new HandlerName(name), logs);

        /// <returns>The answer's bytes; none where the method returns nothing.</returns>
        internal ArraySegment<byte> Handle(Invocation invocation)
        {
            var arguments = new object[method.GetParameters().Length];
            if (readEvent != null) arguments[0] = readEvent(invocation.Event);
            if (makeContext != null) arguments[arguments.Length - 1] = makeContext.Make(invocation);
            var result = method.Invoke(target, AsThrown, null, arguments, null);
            if (result is Task task)
            {
                task.GetAwaiter().GetResult();
                if (writeAnswer != null) result = HandlerForm.TaskWithResult(task.GetType()).GetProperty("Result").GetValue(task);
            }
            return writeAnswer == null ? new ArraySegment<byte>(new byte[0]) : writeAnswer(result);
        }

        private static object MakeTarget(Type type, MethodInfo method)
        {
            if (!method.IsStatic) return Activator.CreateInstance(type);
            // Its fields are initialized in Init, not by the first invocation.
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            return null;
        }

        private static Func<byte[], object> Reader(Type type, Serializer serializer, HandlerName name)
        {
            if (type == typeof(Stream)) return bytes => new MemoryStream(bytes);
            if (serializer == null) throw Unserialized(name, "takes", type);
            return serializer.Reader(type);
        }

        private static Func<object, ArraySegment<byte>> Writer(Type type, Serializer serializer, HandlerName name)
        {
            if (typeof(Stream).IsAssignableFrom(type)) return result => Copy((Stream)result);
            if (serializer == null) throw Unserialized(name, "returns", type);
            return serializer.Writer(type);
        }

        private static ArraySegment<byte> Copy(Stream stream)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            return new ArraySegment<byte>(copy.GetBuffer(), 0, (int)copy.Length);
        }

        private static LambdaValidationException Unserialized(HandlerName name, string does, Type type) =>
            new LambdaValidationException("The method " + name.Method + " of " + name.Type + " " + does + " a " + type.FullName
                + ", and nothing says how that is made of JSON: neither the method nor the assembly " + name.Assembly
                + " has a LambdaSerializer attribute. Add one, e.g. [assembly: LambdaSerializer(typeof(Amazon.Lambda.Serialization.SystemTextJson.DefaultLambdaJsonSerializer))],"
                + " or use System.IO.Stream.");
    }
}
