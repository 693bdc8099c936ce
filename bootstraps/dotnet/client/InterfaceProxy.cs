using System;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// Implements an interface that is known at run time only: those of whichever Amazon.Lambda.Core the function has.
    /// </summary>
    public class InterfaceProxy : DispatchProxy
    {
        private static readonly MethodInfo create = typeof(DispatchProxy).GetMethod("Create", Type.EmptyTypes);
        private Func<MethodInfo, object[], object> answer;

        /// <param name="answer">Gets the member that was called, and its arguments.</param>
        internal static object Of(Type contract, Func<MethodInfo, object[], object> answer)
        {
            var proxy = create.MakeGenericMethod(contract, typeof(InterfaceProxy)).Invoke(null, null);
            ((InterfaceProxy)proxy).answer = answer;
            return proxy;
        }

        protected override object Invoke(MethodInfo method, object[] arguments) => answer(method, arguments);

        internal static NotImplementedException Unknown(MethodInfo method) =>
            new NotImplementedException(method.DeclaringType.FullName + "." + method.Name + " is newer than Thaw's runtime client, which does not have it.");
    }
}
