import dev.signet.core.*; import dev.signet.tokens.*; import java.util.*; import java.time.*; import java.nio.file.*; import java.util.concurrent.*; import java.util.concurrent.atomic.*;
public class B {
  public static void main(String[] a) throws Exception {
    Keyset<TokenizationKey> ks=Keyset.of(TokenizationKey.generate());
    ReversibleTokenizer tk=Tokenizer.builder(ks,TokenDomain.of("d")).authenticated();
    Path f=Path.of("log"); Files.deleteIfExists(f);
    SecretBytes lk=RevealLog.deriveKey(ks.primary());
    RevealLog log=RevealLog.file(f,lk);
    RevealPolicy pol=RevealPolicy.builder().purpose("p",Reveal.CLEAR).allowRate(1000000,Duration.ofMinutes(1)).build();
    Detokenizer d=Detokenizer.builder(tk,pol,log).build();
    Token t=tk.tokenize("secret");
    // interrupts + close in the middle
    AtomicLong released=new AtomicLong(), refused=new AtomicLong(), other=new AtomicLong();
    List<Thread> ths=new ArrayList<>();
    for(int i=0;i<8;i++){ Thread th=new Thread(()->{ while(true){ try{ if(Math.random()<0.2) Thread.currentThread().interrupt(); d.detokenize(t,Access.of("p","c")); released.incrementAndGet(); }catch(KeyUnavailableException e){ refused.incrementAndGet(); return; }catch(Throwable e){ other.incrementAndGet(); System.out.println(e); return; } } }); th.start(); ths.add(th);}
    Thread.sleep(1500); log.close(); for(Thread th:ths) th.join(5000);
    List<String> lines=Files.readAllLines(f);
    System.out.println("released "+released+" refused "+refused+" other "+other+" lines "+lines.size()+" "+RevealLog.verify(lines.iterator(),lk));
    // reopen, again
    RevealLog l2=RevealLog.file(f,lk); try{ RevealLog.file(f,lk); System.out.println("SECOND OPEN OK"); }catch(Exception e){System.out.println(e.getMessage());}
    Detokenizer d2=Detokenizer.builder(tk,pol,l2).build(); d2.detokenize(t,Access.of("p","c")); l2.close(); l2.close();
    try{ l2.head(); System.out.println("head after close!"); }catch(Exception e){System.out.println("head: "+e.getMessage());}
    System.out.println(RevealLog.verify(Files.readAllLines(f).iterator(),lk));
    // clock jumps on the limiter through a detokenizer
    AtomicReference<Instant> now=new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    RevealPolicy p3=RevealPolicy.builder().purpose("p",Reveal.CLEAR).rate(10,Duration.ofMinutes(1)).build();
    Random r=new Random(5);
    int worst=0, maxWait=0;
    for(int trial=0;trial<300;trial++){
      now.set(Instant.parse("2026-01-01T00:00:00Z")); Detokenizer dd=Detokenizer.builder(tk,p3,RevealLog.dangerouslyDiscard()).clock(now::get).build();
      // true time runs 1s steps; wall = true + offset with random jumps
      long off=0; ArrayDeque<Integer> rel=new ArrayDeque<>(); int wait=0;
      for(int s=0;s<1200;s++){
        if(r.nextInt(60)==0) off+= (r.nextBoolean()?1:-1)*(r.nextInt(4)==0? r.nextInt(1000000): r.nextInt(200));
        now.set(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(s+off));
        boolean any=false; for(int k=0;k<3;k++) try{ dd.detokenize(t,Access.of("p","c")); rel.add(s); any=true; }catch(VerificationException e){}
        wait=any?0:wait+1; maxWait=Math.max(maxWait,wait);
        while(!rel.isEmpty()&&rel.peek()<=s-60) rel.poll(); worst=Math.max(worst,rel.size());
      }
    }
    System.out.println("worst in true minute "+worst+" of 10, longest wait "+maxWait+" s");
    // attacker-free steady clock sanity
    // rates of failed: count
  }
}
