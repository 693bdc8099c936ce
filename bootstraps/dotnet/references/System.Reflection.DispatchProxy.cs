// What Mono's compiler has no reference assembly of: the shape of .NET's own System.Reflection.DispatchProxy, which is
// what the client is bound to when it runs. Nothing of this file is ever executed.
namespace System.Reflection
{
    public abstract class DispatchProxy
    {
        protected abstract object Invoke(MethodInfo targetMethod, object[] args);

        public static T Create<T, TProxy>() where TProxy : DispatchProxy
        {
            throw new NotImplementedException();
        }
    }
}
